import type { Configuration, Element, JsonObject } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import type { References } from "../terraform-json/references";
import type { Arrow, Box } from "./diagram";

/** A secret, a parameter or a bucket that a stack does not create, by its ARN, its name or a variable. */
interface NamedThing {
  readonly title: keyof typeof PLURALS;
  readonly name: string;
}

/** A thing, and the ids of the boxes and frames that use it. */
interface Use {
  readonly thing: NamedThing;
  readonly of: Set<string>;
}

const PLURALS = { Secret: "Secrets", "SSM parameter": "SSM parameters", Bucket: "Buckets" } as const;

/** How the text of an element names things. ECS, load balancers and policies name them in different ways. */
const NAMES: readonly (readonly [title: NamedThing["title"], pattern: RegExp])[] = [
  // Secrets Manager adds a hyphen and six characters to the name in an ARN.
  ["Secret", /:secretsmanager:[^:"]*:[^:"]*:secret:([\w/+=.@!-]+?)(?:-[A-Za-z0-9]{6})?(?=[:"])/g],
  ["SSM parameter", /(?<="parameter|:ssm:[^:"]*:[^:"]*:parameter)(\/[\w./-]+)(?=")/g],
  ["Secret", /"valueFrom" = "?(?:\$\{)?(var\.\w+)/g],
  ["Bucket", /:s3:::([a-z0-9][a-z0-9.-]+)(?=[/"])/g],
  ["Bucket", /"(?:s3_bucket_name|bucket)"(?::| = )"([^"]+)"/g],
];

/** The types that refer to what they belong to: a policy belongs to its role, and a rule to its load balancer. */
const BELONGING: { readonly [type: string]: readonly string[] } = {
  aws_lb: ["aws_lb_listener"],
  aws_lb_listener: ["aws_lb_listener_rule"],
  aws_iam_role: ["aws_iam_role_policy"],
};

/** The types of created things, which also have names. */
const CREATED = /^aws_(s3|secretsmanager|ssm)_/;

/**
 * The secrets, parameters and buckets that the boxes and frames name, and arrows to them. Things that the same boxes use are in one box.
 * @param ids the box or frame of each shown element
 */
export function namedThings(
  { variables }: Configuration,
  references: References,
  ids: ReadonlyMap<Element, string>,
): { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] } {
  const users = new Map<string, Use>();
  for (const [element, id] of ids) {
    if (CREATED.test(element.type)) continue;
    for (const part of partsOf(element, references, ids)) {
      for (const thing of thingsIn(part, variables, references)) {
        const key = `${thing.title} ${thing.name}`;
        const known = users.get(key) ?? { thing, of: new Set() };
        users.set(key, { thing, of: known.of.add(id) });
      }
    }
  }
  const usersOf = ({ thing, of }: Use) => JSON.stringify([thing.title, [...of].sort()]);
  const uses = [...users.values()];
  const found = [...new Set(uses.map(usersOf))].map((key) => {
    const names = uses.filter((use) => usersOf(use) === key).map(({ thing }) => thing.name);
    const [title, of] = JSON.parse(key) as [NamedThing["title"], string[]];
    const id = `named ${title} ${names[0]}`;
    const box: Box = {
      ...{ id, kind: "aws", title: names.length > 1 ? PLURALS[title] : title, isList: true, isLookedUp: true },
      lines: names.length > MOST ? [...names.slice(0, MOST - 1), `and ${names.length - MOST + 1} more`] : names,
    };
    return { box, arrows: of.map((from): Arrow => ({ from, to: id, kind: "uses" })) };
  });
  return { boxes: found.map(({ box }) => box), arrows: found.flatMap(({ arrows }) => arrows) };
}

/** Names in a box. */
const MOST = 6;

/** An element with what it consists of: a service with its task definition, roles and policies; a load balancer with its rules. */
function partsOf(element: Element, references: References, ids: ReadonlyMap<Element, string>): Element[] {
  const isBalancer = element.type === "aws_lb";
  const parts = new Set([element]);
  for (const part of parts) {
    const own = references.to(part).filter(({ type }) => BELONGING[part.type]?.includes(type));
    for (const next of [...references.of(part), ...own]) {
      // A service does not use what the rules of its load balancer use.
      if (!ids.has(next) && (isBalancer || !next.type.startsWith("aws_lb"))) parts.add(next);
    }
  }
  return [...parts];
}

function thingsIn(element: Element, variables: Configuration["variables"], references: References): NamedThing[] {
  const { tags: _, lifecycle: __, description: ___, ...body }: JsonObject = element.body;
  const text = `${JSON.stringify(body).replaceAll('\\"', '"')}"${references.expanded(body)}`;
  return NAMES.flatMap(([title, pattern]) =>
    [...text.matchAll(pattern)].flatMap(([, given = ""]) => {
      const name = displayName(given, variables) ?? /^\$\{(var\.\w+)\}$/.exec(given)?.[1];
      // AWS publishes these parameters for everyone.
      return name === undefined || name.startsWith("/aws/service/") ? [] : [{ title, name }];
    }),
  );
}
