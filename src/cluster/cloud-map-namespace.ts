import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import type { Construct } from "constructs";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches } from "../validation/rule";
import { choice, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";

/** A namespace of AWS Cloud Map: a new one, or one that exists. */
export interface CloudMapNamespaceSettings {
  /**
   * The name of a new namespace. It must be unique in the region and the account.
   * @default - the name of the cluster, for its default namespace. `ServiceConnectNamespace` needs it, or `namespaceArn`.
   */
  readonly name?: string;
  /**
   * `HTTP` has names for Service Connect. `DNS_PRIVATE` also has a private hosted zone in the VPC, for `cloudMapOptions` of
   * services. Set it for a namespace that exists too. A change replaces the namespace, which then needs another name.
   * @default - `HTTP` for a new namespace, unknown for one that exists
   * @see https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
   */
  readonly type?: "HTTP" | "DNS_PRIVATE";
  /** The ARN of a namespace that exists, in place of `name`. @default - a new namespace */
  readonly namespaceArn?: string;
}

/** The name of a namespace. */
export const namespaceNameRule = matches(
  "^[!-~]{1,1024}$",
  "be the name of a namespace",
  'It has 1 to 1024 characters without spaces. For example "internal".',
);
/** The ARN of a namespace. */
export const namespaceArnRule = matches(
  "^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:[0-9]{12}:namespace/ns-[a-z0-9]+$",
  "be the ARN of a namespace of Cloud Map",
  "List them: aws servicediscovery list-namespaces --query Namespaces[].Arn",
);
const DOMAIN = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

export const cloudMapNamespaceSchema = schemaOf<CloudMapNamespaceSettings>()(
  {
    name: string(namespaceNameRule).optional(),
    type: plain(choice("HTTP", "DNS_PRIVATE")).optional(),
    namespaceArn: string(namespaceArnRule).optional(),
  },
  nameOrArn,
  nameOfZone,
);

function* nameOrArn(
  _: Known<CloudMapNamespaceSettings>,
  given: Given<CloudMapNamespaceSettings>,
): Findings<CloudMapNamespaceSettings> {
  if (!given("name") || !given("namespaceArn")) return;
  const fix = "The namespace that exists has a name. Remove one of the two.";
  yield { at: "namespaceArn", must: "not be set with name", fix };
}

function* nameOfZone({ name, type }: Known<CloudMapNamespaceSettings>): Findings<CloudMapNamespaceSettings> {
  if (type !== "DNS_PRIVATE" || name === undefined || DOMAIN.test(name)) return;
  const fix = 'It is the name of the hosted zone, in lower-case letters. For example "shop.internal".';
  yield { at: "name", must: "be a domain name with type DNS_PRIVATE", fix };
}

/** A namespace as services use it. */
export interface CloudMapNamespace {
  /** The namespace's ARN. */
  readonly namespaceArn: string;
  /** The namespace's id. @default - the end of its ARN */
  readonly namespaceId?: string;
  /** Whether it has DNS names. @default - unknown, for a namespace that exists */
  readonly hasDnsNames?: boolean;
}

/** Returns the id of a namespace, which its ARN ends with. */
export const namespaceIdOf = (arn: string): string =>
  isToken(arn) ? hcl`element(split("/", ${arn}), 1)`.string : (arn.split("/")[1] as string);

/** Creates a namespace, unless it exists. */
export function createNamespace(
  scope: Construct,
  id: string,
  { name, type, namespaceArn }: CloudMapNamespaceSettings,
  cluster: { readonly name: string; readonly vpcId: string },
): CloudMapNamespace & { readonly resource?: ServiceDiscoveryHttpNamespace | ServiceDiscoveryPrivateDnsNamespace } {
  const hasDnsNames = type === "DNS_PRIVATE";
  if (namespaceArn !== undefined) return { namespaceArn, hasDnsNames: type === undefined ? undefined : hasDnsNames };
  const purpose = hasDnsNames ? "DNS names for services" : "Names for Service Connect between services";
  const config = {
    name: literal(name ?? cluster.name),
    description: `${purpose} of the ECS cluster`,
    tags: purposeTags(`${cluster.name}-service-connect`, purpose),
  };
  // Terraform would replace an HTTP namespace for another description, and AWS rejects that while services use it.
  // AWS deletes a namespace only after the services left it.
  const resource = hasDnsNames
    ? new ServiceDiscoveryPrivateDnsNamespace(scope, id, {
        ...config,
        vpc: cluster.vpcId,
        lifecycle: { createBeforeDestroy: true },
      })
    : new ServiceDiscoveryHttpNamespace(scope, id, {
        ...config,
        lifecycle: { ignoreChanges: ["description"], createBeforeDestroy: true },
      });
  return { namespaceArn: resource.arn, namespaceId: resource.id, hasDnsNames, resource };
}
