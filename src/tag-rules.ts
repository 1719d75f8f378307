import { eachKey, eachValue, inTerraformsOrder, matches, matchesNot, type Rule } from "./rule";

/** AWS allows 50 tags a resource; this library sets up to 5 of its own. */
const MOST_TAGS = 45;

/** Keys that this library sets itself, in this case. */
const OWN_TAG_KEYS = ["AmazonECSManaged", "Cluster", "Name", "Purpose"] as const;

/** IAM takes no two keys that differ in case only. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const distinctTagKeys: Rule<Readonly<Record<string, string>>> = {
  must: `have no two keys that differ in case only, ${OWN_TAG_KEYS.join(", ")} of this stack among them`,
  fix: "Rename one of each pair: IAM takes keys without regard to case.",
  check: (value) => {
    const keys = new Set([...Object.keys(value), ...OWN_TAG_KEYS]);
    return new Set([...keys].map((key) => key.toLowerCase())).size === keys.size;
  },
  condition: (reference) => {
    const keys = `setunion(keys(${reference}), ${JSON.stringify(OWN_TAG_KEYS)})`;
    return `length(distinct([for key in ${keys} : lower(key)])) == length(${keys})`;
  },
  offending: {
    of: (value) => Object.keys(value).sort(inTerraformsOrder),
    expression: (reference) => `keys(${reference})`,
  },
};

const TAG_TEXT = "[\\p{L}\\p{N} _.:/=+@-]";
export const tagsRules: readonly Rule<never>[] = [
  {
    must: `hold at most ${MOST_TAGS} tags`,
    fix: "AWS allows 50 a resource, and a few are this stack's own.",
    check: (value) => Object.keys(value).length <= MOST_TAGS,
    condition: (reference) => `length(${reference}) <= ${MOST_TAGS}`,
    offending: { of: (value) => Object.keys(value).length, expression: (reference) => `length(${reference})` },
  },
  eachKey(
    matches(
      `^${TAG_TEXT}{1,128}$`,
      "have keys of 1 to 128 letters, digits, spaces and _ . : / = + - @",
      "Rename those keys.",
    ),
  ),
  eachKey(
    matchesNot("^[aA][wW][sS]:", "have no key that starts with aws:", "AWS keeps that prefix; rename those keys."),
  ),
  eachValue(
    matches(
      `^${TAG_TEXT}{0,256}$`,
      "have values of at most 256 letters, digits, spaces and _ . : / = + - @",
      "Shorten or rewrite those values.",
    ),
  ),
  distinctTagKeys,
];
