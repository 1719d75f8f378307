import { NOT_SHOWN, nearest, type Problem, pathText, suggestion, UNKNOWN } from "./problem";

/** A key of an object, or an index of a list. */
export type Key = string | number;

/** The names of settings, and below each the names that it has itself. */
export interface Names {
  readonly [name: string]: {
    readonly facts: { readonly shape?: Names; readonly isSensitive?: boolean; readonly description?: string };
  };
}

/** The place of a value inside the settings, and the problems found so far. */
export class Place {
  /** The names of the settings at this place, if the value is an object of settings. */
  names?: Names;

  constructor(
    readonly problems: Problem[],
    private readonly parent?: Place,
    private readonly key: Key = "",
    private readonly isHidden = false,
  ) {}

  /** Returns the place of an inner value. @param isHidden whether no message shows the value */
  at(key: Key | undefined, isHidden = false): Place {
    return key === undefined ? this : new Place(this.problems, this, key, this.isHidden || isHidden);
  }

  /** Adds a problem. @returns undefined, which the value becomes */
  report(must: string, received: string, fix: string): undefined {
    const shown = this.isHidden ? NOT_SHOWN : received;
    this.problems.push({ path: pathText(this.keys), rule: `must ${must}`, received: shown, fix });
  }

  /** Adds a problem for a name that is no setting here: it may be misspelt, or belong elsewhere. */
  reportUnknown(name: string): void {
    const names = Object.keys(this.names ?? {});
    const isMisspelt = nearest(name, names, 1) !== undefined;
    const fix = (isMisspelt ? undefined : this.elsewhere(name)) ?? suggestion(name, names);
    this.at(name).report(UNKNOWN, NOT_SHOWN, fix);
  }

  /** Returns the fix for a name that is a setting of an outer object or of inner objects. */
  private elsewhere(name: string): string | undefined {
    for (let outer = this.parent; outer; outer = outer.parent) {
      if (outer.names && Object.hasOwn(outer.names, name)) return `Write it as ${pathText([...outer.keys, name])}.`;
    }
    const inner = Object.entries(this.names ?? {}).filter(
      ([, { facts }]) => facts.shape && Object.hasOwn(facts.shape, name),
    );
    // A value of a variable is meant more often than another setting of the same name.
    const values = inner.filter(([, { facts }]) => facts.shape?.[name]?.facts.description !== undefined);
    const paths = (values.length > 0 ? values : inner).map(([setting]) => pathText([...this.keys, setting, name]));
    return paths.length > 0 ? `Write it as ${paths.join(" or ")}.` : undefined;
  }

  private get keys(): readonly Key[] {
    return this.parent ? [...this.parent.keys, this.key] : [];
  }
}
