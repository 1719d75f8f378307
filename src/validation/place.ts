import { NOT_SHOWN, type Problem, pathText, suggestion, UNKNOWN } from "./problem";

/** A key of an object, or an index of a list. */
export type Key = string | number;

/** The names of settings, and below each the names that it has itself. */
export interface Names {
  readonly [name: string]: { readonly facts: { readonly shape?: Names; readonly isSensitive?: boolean } };
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

  /** Adds a problem for a name that is no setting here: it may belong elsewhere, or be misspelt. */
  reportUnknown(name: string): void {
    this.at(name).report(UNKNOWN, NOT_SHOWN, this.elsewhere(name) ?? suggestion(name, Object.keys(this.names ?? {})));
  }

  /** Returns the fix for a name that is a setting of an inner or an outer object. */
  private elsewhere(name: string): string | undefined {
    for (const [inner, { facts }] of Object.entries(this.names ?? {})) {
      if (facts.shape && Object.hasOwn(facts.shape, name))
        return `Write it as ${pathText([...this.keys, inner, name])}.`;
    }
    for (let outer = this.parent; outer; outer = outer.parent) {
      if (outer.names && Object.hasOwn(outer.names, name)) return `Write it as ${pathText([...outer.keys, name])}.`;
    }
    return undefined;
  }

  private get keys(): readonly Key[] {
    return this.parent ? [...this.parent.keys, this.key] : [];
  }
}
