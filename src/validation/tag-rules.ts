import { eachKey, eachValue, inTerraformsOrder, length, matches, matchesNot, type Rule } from "./rule";

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

/**
 * Apart from the length, since a count behind these classes is compiled for each of its hundreds of steps: in Go, and so in
 * every plan, that takes thousands of times as long. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
const TAG_TEXT = "^[\\p{L}\\p{N} _.:/=+@-]*$";
const IN_WORDS = "letters, digits, spaces and _ . : / = + - @ alone";
export const tagsRules: readonly Rule<never>[] = [
  {
    must: `hold at most ${MOST_TAGS} tags`,
    fix: "AWS allows 50 a resource, and a few are this stack's own.",
    check: (value) => Object.keys(value).length <= MOST_TAGS,
    condition: (reference) => `length(${reference}) <= ${MOST_TAGS}`,
    offending: { of: (value) => Object.keys(value).length, expression: (reference) => `length(${reference})` },
  },
  eachKey({ ...length(1, 128, "Rename those keys."), must: "have keys of 1 to 128 characters" }),
  eachKey(matches(TAG_TEXT, `have keys of ${IN_WORDS}`, "Rename those keys.")),
  eachKey(
    matchesNot("^[aA][wW][sS]:", "have no key that starts with aws:", "AWS keeps that prefix; rename those keys."),
  ),
  eachValue({ ...length(0, 256, "Shorten those values."), must: "have values of at most 256 characters" }),
  eachValue(matches(TAG_TEXT, `have values of ${IN_WORDS}`, "Rewrite those values.")),
  distinctTagKeys,
];
