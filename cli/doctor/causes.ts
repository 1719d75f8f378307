import type { Finding, Subjects } from "./check";

/** A finding that no other one explains, with those that it explains. */
export interface Root {
  readonly finding: Finding;
  readonly explains: readonly Finding[];
}

/**
 * Groups findings by their causes, in the order of the findings. A finding is explained if others whose causes explain its cause
 * are about all of its resources. A finding that several roots explain is below each of them.
 */
export function rootsOf(findings: readonly Finding[]): Root[] {
  const explained = new Map(findings.map((finding) => [finding, explainersOf(finding, findings)]));
  // The causes have no cycle, which a test checks.
  const originsOf = (finding: Finding): Finding[] => {
    const others = explained.get(finding) ?? [];
    return others.length === 0 ? [finding] : others.flatMap(originsOf);
  };
  const origins = findings.map((finding) => [finding, originsOf(finding)] as const);
  return findings
    .filter((finding) => explained.get(finding)?.length === 0)
    .map((root) => ({
      finding: root,
      explains: origins.flatMap(([finding, of]) => (finding !== root && of.includes(root) ? [finding] : [])),
    }));
}

/** Returns the findings that explain a finding together, or none if they explain only a part of it. */
function explainersOf({ cause, about = {} }: Finding, findings: readonly Finding[]): Finding[] {
  const kinds = Object.keys(about) as (keyof Subjects)[];
  /** The subjects of a kind that another finding is about, too. */
  const shared = (other: Finding, kind: keyof Subjects) =>
    (about[kind] ?? []).filter((one) => other.about?.[kind]?.includes(one) ?? true);
  const others = findings.filter(
    (other) => other.cause.explains?.includes(cause.id) && kinds.every((kind) => shared(other, kind).length > 0),
  );
  const isCovered = kinds.every((kind) =>
    about[kind]?.every((one) => others.some((other) => shared(other, kind).includes(one))),
  );
  return isCovered ? others : [];
}
