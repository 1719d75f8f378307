import { posix } from "node:path";
import { anchor } from "./markdown";

/** Returns the address, for a link on one page, of what the docs say about a name. */
export type Link = (name: string) => string | undefined;

/** The one place where the docs describe each interface, class or other export. */
export class Places {
  private readonly places = new Map<string, { readonly page: string; readonly anchor: string }>();

  /**
   * Adds the place of a name.
   *
   * @param page the path of the page in the repository
   * @param heading the heading above it. @default - the page as a whole
   * @throws {Error} when the name has a place already
   */
  add(name: string, page: string, heading?: string): void {
    const other = this.places.get(name);
    if (other) throw new Error(`${name} has a table in ${other.page} and in ${page}. Remove one of them.`);
    this.places.set(name, { page, anchor: heading === undefined ? "" : `#${anchor(heading)}` });
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  /** Returns the names that have a place on a page. */
  on(page: string): string[] {
    return [...this.places].filter(([, place]) => place.page === page).map(([name]) => name);
  }

  linkFrom(page: string): Link {
    return (name) => {
      const place = this.places.get(name);
      if (!place) return undefined;
      return place.page === page && place.anchor !== ""
        ? place.anchor
        : `${posix.relative(posix.dirname(page), place.page)}${place.anchor}`;
    };
  }
}
