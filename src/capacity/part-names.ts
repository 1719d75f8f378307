import { matches } from "../validation/rule";

/** Returns the limits of a map of parts, whose names are part of Terraform addresses. @param most how many parts a group can have */
export const partNames = (most: number) => ({
  names: [
    matches(
      "^[a-z][a-z0-9_]{0,31}$",
      "have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter",
      "The name is part of a Terraform address.",
    ),
  ],
  limits: [
    {
      must: `have at most ${most} entries`,
      fix: "Combine some of them.",
      check: (parts: object) => Object.keys(parts).length <= most,
      offending: { of: (parts: object) => Object.keys(parts).length },
    },
  ],
});
