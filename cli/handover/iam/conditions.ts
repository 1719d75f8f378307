import { type Configuration, type Element, isObject, strings } from "../terraform-json/configuration";
import type { Condition, Grant } from "./grant";
import { type NamePatterns, placeholder } from "./name-patterns";
import type { Conditions } from "./statement";

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Returns the default tag of the provider that has the cluster's name as its value: `{ Cluster = var.name }`. */
export function clusterTag({ providers }: Configuration): Tag | undefined {
  const tags = strings(providers.flatMap(({ body }) => body.default_tags ?? [])).map(({ text }) => text);
  const [, key, variable] = /\b([A-Za-z]\w*)"?\s*[=:]\s*var\.(\w+)/.exec(tags.join("\n")) ?? [];
  return key && variable ? { key, value: placeholder(variable) } : undefined;
}

/** Returns the conditions of grants. Their values can contain tokens such as `{zoneName}`. */
export function conditionsOf(configuration: Configuration, names: NamePatterns) {
  const tag = clusterTag(configuration);
  /** Without a default tag, the resources of the library still have the tag `Name`. */
  const tagOf = (element: Element, as?: string): Tag | undefined => {
    if (tag) return tag;
    const { tags = null } =
      (as === undefined || as === element.type ? element : names.nearest(element, as))?.body ?? {};
    const value = isObject(tags) && tags.Name ? names.pattern(tags.Name) : "*";
    return value.includes("*") ? undefined : { key: "Name", value };
  };
  const isFoundByTag = (element: Element): boolean =>
    names.nearest(element, "aws_resourcegroupstaggingapi_resources") !== undefined;
  const requestTag = (of?: Tag): Conditions =>
    of ? { StringEquals: { [`aws:RequestTag/${of.key}`]: [of.value] } } : {};
  const resourceTag = (of?: Tag): Conditions =>
    of ? { StringEquals: { [`aws:ResourceTag/${of.key}`]: [of.value] } } : {};
  const noTagYet = (of?: Tag): Conditions => (of ? { Null: { [`aws:ResourceTag/${of.key}`]: ["true"] } } : {});
  const ofCondition = (condition: Condition, element: Element): Conditions => {
    if (condition.kind === "fixed") return condition.test;
    if (condition.kind === "region") return { StringEquals: { "aws:RequestedRegion": ["REGION"] } };
    if (condition.kind === "tagged") return resourceTag(tagOf(element, condition.as));
    if (condition.kind === "foundByTag") return isFoundByTag(element) ? resourceTag(tag) : {};
    const own = tagOf(element);
    return condition.kind === "newTagged" ? requestTag(own) : { ...requestTag(own), ...noTagYet(own) };
  };
  return (grant: Grant, when: Condition | undefined, element: Element): Conditions => {
    const [boundary] = grant.isBounded ? names.of("boundary", element) : [];
    const { StringEquals = {}, ...others } = when ? ofCondition(when, element) : {};
    const equal = { ...StringEquals, ...(boundary ? { "iam:PermissionsBoundary": [boundary] } : {}) };
    return { ...(Object.keys(equal).length > 0 ? { StringEquals: equal } : {}), ...others };
  };
}
