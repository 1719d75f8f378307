import {
  BatchGetImageCommand,
  type ECRClient,
  GetRepositoryPolicyCommand,
  type ImageIdentifier,
  paginateDescribePullThroughCacheRules,
} from "@aws-sdk/client-ecr";
import type { RepositoryFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** The types of an image for several architectures, and of an image for one. */
const LISTS = ["application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"];
const IMAGES = ["application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json"];

/** The names of architectures in EC2, by their names in images. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "arm64" };

/** @param tags tags, and digests that begin with `sha256:` */
export async function readRepository(ecr: ECRClient, name: string, tags: readonly string[]): Promise<RepositoryFacts> {
  const identifier = (tag: string): ImageIdentifier => (isDigest(tag) ? { imageDigest: tag } : { imageTag: tag });
  try {
    const images = await inBatches(tags, 100, async (some) => {
      const request = {
        repositoryName: name,
        imageIds: some.map(identifier),
        acceptedMediaTypes: [...LISTS, ...IMAGES],
      };
      return (await ecr.send(new BatchGetImageCommand(request))).images;
    });
    return {
      name,
      exists: true,
      images: images.map(({ imageId, imageManifest = "{}" }) => ({
        tag: imageId?.imageTag,
        digest: imageId?.imageDigest,
        architectures: architecturesOf(imageManifest),
      })),
    };
  } catch (error) {
    if ((error as Error).name === "RepositoryNotFoundException") return { name, exists: false, images: [] };
    throw error;
  }
}

export const isDigest = (tag: string): boolean => tag.startsWith("sha256:");

/** Returns the architectures of a list of images, or undefined for an image of one architecture, whose manifest does not name it. */
function architecturesOf(manifest: string): string[] | undefined {
  const { manifests } = JSON.parse(manifest) as { manifests?: { platform?: { os?: string; architecture?: string } }[] };
  return manifests?.flatMap(({ platform: { os, architecture = "" } = {} }) => {
    const name = os === "linux" ? ARCHITECTURES[architecture] : undefined;
    return name === undefined ? [] : [name];
  });
}

/** Whether a repository has a policy of its own, which can admit roles. */
export async function hasRepositoryPolicy(ecr: ECRClient, repositoryName: string): Promise<boolean> {
  try {
    return (await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText !== undefined;
  } catch (error) {
    if (/^Repository(Policy)?NotFoundException$/.test((error as Error).name)) return false;
    throw error;
  }
}

/** Reads the prefixes of the repositories that ECR creates from other registries. `ROOT` is for every name. */
export async function readCachePrefixes(client: ECRClient): Promise<string[]> {
  const rules = await allPages(
    paginateDescribePullThroughCacheRules({ client }, {}),
    ({ pullThroughCacheRules }) => pullThroughCacheRules,
  );
  return rules.flatMap(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix ?? []);
}
