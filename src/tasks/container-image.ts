import { cachedImageRule, isEcrImage } from "../iam/execution-role";
import { type Secret, secretField } from "../iam/secret";
import { length, matches, type Rule } from "../validation/rule";
import {
  anyOf,
  attributeOf,
  boolean,
  interfaceOf,
  type Parsed,
  plain,
  schemaOf,
  sensitive,
  string,
} from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** An image that several containers can share, such as a `ServiceImage`. */
export interface ImageReference {
  /** The image, with its tag. */
  readonly image: string;
}

/** How a container's image is pulled. */
export interface ContainerImage {
  /**
   * The image comes through a pull-through cache of ECR. The execution role can import it and create its repository, which
   * the first pull of each tag needs.
   * @default false
   */
  readonly pullThroughCache?: boolean;
  /**
   * The secret with the user's name and the password for a private registry other than ECR: a secret of Secrets Manager with
   * the keys `username` and `password`. The execution role can read it.
   * @default - none: the registry is public, or it is ECR
   */
  readonly repositoryCredentials?: Secret;
}

export const containerImageSchema = schemaOf<ContainerImage>()(
  {
    pullThroughCache: plain(boolean()).default(false),
    repositoryCredentials: sensitive(secretField).optional(),
  },
  function* wholeSecret({ repositoryCredentials: secret }) {
    const { service, isPart } = (secret as Secret | undefined) ?? {};
    if (service === "secretsmanager" && !isPart) return;
    if (service === undefined) return;
    const fix = "Use Secret.fromSecretsManager(arn) without jsonKey and without a version.";
    yield { at: "repositoryCredentials", must: "be a whole secret of Secrets Manager", fix };
  },
  function* oneRegistry({ pullThroughCache }, given) {
    if (!pullThroughCache || !given("repositoryCredentials")) return;
    const fix = "ECR reads the credentials from the rule of its cache. Remove one of the two.";
    yield { at: "repositoryCredentials", must: "not be set with pullThroughCache", fix };
  },
);

/** Returns the credentials of the registry as the API of ECS names them. */
export const credentialsJson = (
  { repositoryCredentials: secret }: Parsed<typeof containerImageSchema>,
  clusterArn: string,
) => ({ repositoryCredentials: secret && { credentialsParameter: secret.valueFrom(clusterArn) } });

/** The name of a container image. The variable of a service's image has the same rules. */
export const imageRules: readonly Rule<string>[] = [
  length(1, 255, "ECS rejects longer names."),
  matches(
    "^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
    "be the name of a container image",
    'Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
  ),
];

/** An image, and how it is pulled. The schema reads a string. */
interface ImageOfContainer extends ContainerImage {
  readonly image?: string | ImageReference;
}

/** An image through a pull-through cache is in a private registry. */
export function* cachedImage({ image, pullThroughCache }: Known<ImageOfContainer>): Findings<ImageOfContainer> {
  if (typeof image !== "string" || !pullThroughCache || cachedImageRule.check(image, {})) return;
  yield { at: "image", must: cachedImageRule.must, fix: cachedImageRule.fix };
}

/** ECS pulls an image of ECR with the permissions of the execution role. */
export function* credentialsOfOthers(
  { image }: Known<ImageOfContainer>,
  given: Given<ImageOfContainer>,
): Findings<ImageOfContainer> {
  if (typeof image !== "string" || !isEcrImage(image) || !given("repositoryCredentials")) return;
  const fix = "The execution role can pull images of ECR. Remove it.";
  yield { at: "repositoryCredentials", must: "not be set for an image of ECR", fix };
}

/** The field of an image, or of a construct that several containers share. A construct reads the image. */
export const imageField = anyOf(
  string(...imageRules),
  attributeOf(
    interfaceOf<ImageReference>("a ServiceImage", "Use the name of an image, or a ServiceImage.")({ image: string() }),
    "image",
  ),
);
