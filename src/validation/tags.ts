import { hcl } from "../terraform/expression";
import { eachKey, eachValue, inTerraformsOrder, length, matches, matchesNot, type Rule } from "./rule";
import { map, string } from "./schema";
import { isToken } from "./token";

/** AWS allows 50 tags for each resource. The stack adds up to 5. */
const MOST_TAGS = 45;

/** The keys that the stack sets itself. */
const OWN_TAG_KEYS = ["AmazonECSManaged", "Cluster", "Name", "Purpose"] as const;

/** IAM rejects two keys that differ in case only. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const distinctTagKeys: Rule<Readonly<Record<string, string>>> = {
  must: `have no keys that differ only in case from each other, or from ${OWN_TAG_KEYS.join(", ")} of this stack`,
  fix: "Rename one of each pair. IAM ignores the case of keys.",
  check: (value) => {
    const keys = new Set([...Object.keys(value), ...OWN_TAG_KEYS]);
    return new Set([...keys].map((key) => key.toLowerCase())).size === keys.size;
  },
  condition: (reference) => {
    const keys = `setunion(keys(${reference}), ${JSON.stringify(OWN_TAG_KEYS)})`;
    return `length(distinct([for key in ${keys} : lower(key)])) == length(${keys})`;
  },
  offending: {
    of: (value) => {
      const keys = [...new Set([...Object.keys(value), ...OWN_TAG_KEYS])].map((key) => key.toLowerCase());
      const isRepeated = (key: string) => keys.indexOf(key) !== keys.lastIndexOf(key);
      return Object.keys(value)
        .sort(inTerraformsOrder)
        .filter((key) => isRepeated(key.toLowerCase()));
    },
    expression: (reference) => {
      const same = `[for other in setunion(keys(${reference}), ${JSON.stringify(OWN_TAG_KEYS)}) : other if lower(other) == lower(key)]`;
      return `[for key in keys(${reference}) : key if length(${same}) > 1]`;
    },
  },
};

/**
 * The length is a rule of its own: Go compiles a count behind these classes once for each of its hundreds of steps, which
 * makes every plan slower. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
const TAG_TEXT = "^[\\p{L}\\p{N} _.:/=+@-]*$";
const IN_WORDS = "only letters, digits, spaces and _ . : / = + - @";

const tagsRules: readonly Rule<never>[] = [
  {
    must: `have at most ${MOST_TAGS} tags`,
    fix: "AWS allows 50 for each resource, and the stack adds some.",
    check: (value) => Object.keys(value).length <= MOST_TAGS,
    condition: (reference) => `length(${reference}) <= ${MOST_TAGS}`,
    offending: { of: (value) => Object.keys(value).length, expression: (reference) => `length(${reference})` },
  },
  eachKey({ ...length(1, 128, "Rename these keys."), must: "have keys of 1 to 128 characters" }),
  eachKey(matches(TAG_TEXT, `have keys with ${IN_WORDS}`, "Rename these keys.")),
  eachKey(
    matchesNot("^[aA][wW][sS]:", "have no key that starts with aws:", "AWS reserves this prefix. Rename these keys."),
  ),
  eachValue({ ...length(0, 256, "Shorten these values."), must: "have values of at most 256 characters" }),
  eachValue(matches(TAG_TEXT, `have values with ${IN_WORDS}`, "Rewrite these values.")),
  distinctTagKeys,
];

/** The field of the tags of a stack. */
export const tagsField = map(string(), { limits: tagsRules });

/** Returns the tags of a resource with those of the caller, which can be a reference to a whole map. */
export const tagsWith = (own: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>) =>
  isToken(more) ? hcl`merge(${own}, ${more})`.map : { ...own, ...more };
