import { cachedImageRule } from "../iam/execution-role";
import { length, matches, type Rule } from "../validation/rule";
import { boolean, plain, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";

/** How a container's image is pulled. */
export interface ContainerImage {
  /**
   * The image comes through a pull-through cache of ECR. The execution role can import it and create its repository, which
   * the first pull of each tag needs.
   * @default false
   */
  readonly pullThroughCache?: boolean;
}

export const containerImageSchema = schemaOf<ContainerImage>()({
  pullThroughCache: plain(boolean()).default(false),
});

/** The name of a container image. The variable of a service's image has the same rules. */
export const imageRules: readonly Rule<string>[] = [
  length(1, 255, "ECS rejects longer names."),
  matches(
    "^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
    "be the name of a container image",
    'Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
  ),
];

/** An image through a pull-through cache is in a private registry. */
export function* cachedImage({
  image,
  pullThroughCache,
}: Known<ContainerImage & { readonly image: string }>): Findings<{ readonly image: string }> {
  if (image === undefined || !pullThroughCache || cachedImageRule.check(image, {})) return;
  yield { at: "image", must: cachedImageRule.must, fix: cachedImageRule.fix };
}
