import { matches } from "../validation/rule";
import { Field, list, type Parsed, schemaOf, string } from "../validation/schema";
import { type Findings, type Known, known, type Limit } from "../validation/settings-rule";
import { isPlainObject } from "../validation/token";

/** A permission of a role. */
export interface PolicyStatement {
  /** The actions that IAM allows, such as `s3:GetObject`. `*` and `s3:*` require `resources` other than `*`. */
  readonly actions: readonly string[];
  /** The ARNs of the resources, as text or as attributes of resources. `*` is every resource. */
  readonly resources: readonly string[];
}

const notEmpty = (what: string): Limit<readonly string[]> => ({
  must: `have at least one ${what}`,
  fix: "For example s3:GetObject on arn:aws:s3:::bucket/*.",
  check: (values) => values.length > 0,
});
const action = matches(
  "^([*]+|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$",
  "be an IAM action",
  'Write the service and the action, such as "s3:GetObject".',
);
const resource = matches(
  "^([*]+|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$",
  "be an ARN or *",
  'Write the whole ARN, such as "arn:aws:s3:::my-bucket/*".',
);

/** `*`, and every action of a service. */
const EVERY_ACTION = /^[*]+$|:[*]+$/;
const EVERY_RESOURCE = /^[*]+$/;

const statementSchema = schemaOf<PolicyStatement>()(
  {
    actions: list(string(action), notEmpty("action")),
    resources: list(string(resource), notEmpty("resource")),
  },
  function* notEverything({ actions = [], resources = [] }: Known<PolicyStatement>): Findings<PolicyStatement> {
    const every = actions.find((one) => one !== undefined && EVERY_ACTION.test(one));
    if (every === undefined || !resources.some((one) => one !== undefined && EVERY_RESOURCE.test(one))) return;
    const fix = "Name the actions, or the resources that they apply to.";
    yield { at: "resources", must: `not include every resource with the action ${every}`, fix };
  },
);

// IAM's own form, { Effect, Action, Resource }, is one problem and not five.
const statement = new Field<PolicyStatement, Parsed<typeof statementSchema>>(
  {
    ...statementSchema.facts,
    type: "a statement with actions and resources",
    fix: 'Write { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }. A statement always allows.',
  },
  (value) => isPlainObject(value) && ["actions", "resources"].some((name) => Object.hasOwn(value, name)),
  (value, place) => statementSchema.read(value, place),
);

/** Returns the statement as IAM writes it. */
export const allowed = ({ actions, resources }: PolicyStatement) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/** The most bytes of a role's inline policies, without spaces. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_BYTES = 10_240;
/** Returns the size of the policy, without the parts that only Terraform knows. */
const bytesOf = (statements: readonly PolicyStatement[]) =>
  Buffer.byteLength(JSON.stringify(known(statements.map(allowed))));
const fitsInPolicy: Limit<readonly PolicyStatement[]> = {
  must: `be at most ${MOST_BYTES} bytes as a policy`,
  fix: "IAM limits the inline policies of a role to this size. Replace common parts with *, or attach managed policies.",
  check: (statements) => bytesOf(statements) <= MOST_BYTES,
  offending: { of: bytesOf },
};

/** The field of the statements of a role. */
export const policyStatementsField = list(statement, fitsInPolicy);
