import { actionsOf } from "../actions";
import { inBatches } from "../aws/paging";
import { type Check, command, distinct, found, isRunning } from "../check";
import { type EcrImage, ecrImage } from "../ecr-image";
import type { RepositoryFacts } from "../facts";
import { type Place, placeOf } from "../needed-secrets";
import { aboutStarted, nameOf, readStarted, STARTED, type Started, starters } from "../started";
import { causeBehind } from "../symptom-cause";

interface Facts {
  readonly place: Place;
  readonly started: readonly Started[];
  readonly repositories: readonly RepositoryFacts[];
  /** The prefixes of the repositories that ECR creates from other registries. @default - nothing is missing */
  readonly cachePrefixes?: readonly string[];
  /** The architectures of the running instances. */
  readonly architectures: readonly string[];
}

const NO_REPOSITORY = {
  ...causeBehind("image-not-found", "no-repository"),
  title: "The repository of an image does not exist in ECR.",
  fix: "Deploy the stack again, which creates the repository of ecrRepository. Then push the image. Correct the image variable if the name is wrong.",
};
const NO_IMAGE = {
  ...causeBehind("image-not-found", "no-image"),
  title: "The tag or the digest of an image does not exist in ECR.",
  fix: "Push the image, or correct the image variable. The command lists the tags. A lifecycle policy of the repository can have deleted the image.",
};
const ARCHITECTURE = {
  ...causeBehind("image-architecture", "no-image-for-architecture"),
  explains: ["image-architecture", "exec-format", "exit-255"],
};

/** Checks the images in the account's own registry of ECR. Images of other registries are not read. */
export const taskImagesCheck: Check<Facts> = {
  id: "task-images",
  question: "Are the images of the tasks in ECR, for the architecture of the instances?",
  actions: actionsOf("cachePrefixes", "cluster", "instances", "repository", ...STARTED),
  causes: [NO_REPOSITORY, NO_IMAGE, ARCHITECTURE],
  read: async (account, optional) => {
    const place = placeOf((await account.cluster())?.arn ?? "");
    const started = await readStarted(account, optional);
    const images = ownImages(started, place);
    const repositories = await inBatches(distinct(images.map(({ repository }) => repository)).sort(), 5, (some) =>
      Promise.all(
        some.map((name) => {
          const tags = images.filter(({ repository }) => repository === name).map(({ tag }) => tag);
          return account.repository(name, distinct(tags).sort());
        }),
      ),
    );
    const instances = (await optional(account.instances())) ?? [];
    const isComplete = images.every((image) => imageOf(image, repositories) !== undefined);
    return {
      ...{ place, started, repositories },
      cachePrefixes: isComplete ? [] : await optional(account.cachePrefixes()),
      architectures: distinct(instances.filter(isRunning).flatMap(({ architecture }) => architecture ?? [])).sort(),
    };
  },
  decide: ({ place, started, repositories, cachePrefixes, architectures }) => {
    const { region } = place;
    const registry = `${place.account}.dkr.ecr.${region}.amazonaws.com${place.partition === "aws-cn" ? ".cn" : ""}`;
    const images = ownImages(started, place);
    const isCached = ({ repository }: EcrImage) =>
      cachePrefixes?.some((prefix) => prefix === "ROOT" || repository.startsWith(`${prefix}/`)) ?? true;
    const findings = images.flatMap((image) => {
      const { repository: name, tag } = image;
      const by = started.filter((one) => ownImages([one], place).some((own) => addressOf(own) === addressOf(image)));
      const of = `${addressOf(image)} of ${starters(by)}`;
      const details = { evidence: by.map((one) => `task definition ${nameOf(one)}`), about: aboutStarted(by) };
      const pushed = imageOf(image, repositories);
      if (pushed === undefined) {
        if (isCached(image)) return [];
        const exists = repositories.some((one) => one.name === name && one.exists);
        return [
          exists
            ? found(NO_IMAGE, {
                problem: `The image ${of} does not exist in ECR.`,
                commands: [
                  command`aws ecr describe-images --region ${region} --repository-name ${name} --query 'imageDetails[].imageTags'`,
                ],
                ...details,
              })
            : found(NO_REPOSITORY, {
                problem: `The repository of the image ${of} does not exist in ECR.`,
                commands: [
                  command`aws ecr describe-repositories --region ${region} --query 'repositories[].repositoryName'`,
                ],
                ...details,
              }),
        ];
      }
      const has = pushed.architectures;
      const required = distinct(by.flatMap(({ definition }) => definition.architecture ?? architectures));
      if (has === undefined || required.length === 0 || required.some((one) => has.includes(one))) return [];
      return [
        found(ARCHITECTURE, {
          problem: `The image ${of} is not for ${required.join(" or ")}, the architecture of the instances.`,
          evidence: [`architectures of the image: ${has.join(", ") || "none"}`, ...details.evidence],
          commands: [
            command`docker buildx build --platform linux/amd64,linux/arm64 --push --tag ${`${registry}/${name}:${tag.startsWith("sha256:") ? "TAG" : tag}`} .`,
          ],
          about: details.about,
        }),
      ];
    });
    return { findings, notes: images.map(addressOf) };
  },
};

/** Returns `web:1` or `web@sha256:…`. */
const addressOf = ({ repository, tag }: EcrImage): string =>
  `${repository}${tag.startsWith("sha256:") ? "@" : ":"}${tag}`;

/** Returns the images in the account's registry in the region of the cluster, each once. */
function ownImages(started: readonly Started[], place: Place): EcrImage[] {
  const all = started.flatMap(({ definition }) =>
    definition.containers.flatMap(({ image }) => ecrImage(image, place) ?? []),
  );
  const own = new Map(all.filter(({ isOwn }) => isOwn).map((image) => [addressOf(image), image]));
  return [...own.values()];
}

const imageOf = ({ repository, tag }: EcrImage, repositories: readonly RepositoryFacts[]) =>
  repositories
    .find(({ name }) => name === repository)
    ?.images.find((image) => image.tag === tag || image.digest === tag);
