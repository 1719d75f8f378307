import type { Check } from "../check";
import { distinct, isRunning } from "../check";
import type { ImageFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly running: readonly InstanceFacts[];
  readonly images: readonly ImageFacts[];
}

/** How old an AMI may be, in days: AWS publishes one about every two weeks, with the security patches since. */
export const AMI_DAYS = 90;

/** Is the AMI of the running instances recent? */
export const imagesCheck: Check<Facts> = {
  id: "images",
  question: "Is their AMI recent?",
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    return { running, images: await account.images(distinct(running.map(({ imageId }) => imageId)).sort()) };
  },
  decide: ({ running, images }) => {
    const known = new Map(images.map((image) => [image.id, image]));
    const fix =
      "With ami_version recommended, npm run deploy takes the newest and replaces the instances one by one; a pinned ami_version has to be raised.";
    return {
      findings: distinct(running.map(({ imageId }) => imageId)).flatMap((id) => {
        const image = known.get(id);
        const of = running.filter(({ imageId }) => imageId === id).map((instance) => instance.id);
        if (image && image.daysOld <= AMI_DAYS) return [];
        return [
          {
            problem: image
              ? `The AMI ${id} is ${image.daysOld} days old; ${AMI_DAYS} are the most.`
              : `The AMI ${id} is no longer published: a new instance can't start from it.`,
            evidence: [...(image ? [image.name] : []), `runs on ${of.join(", ")}`],
            fix,
            commands: [],
          },
        ];
      }),
      notes: images.map(({ id, name, daysOld }) => `${id} ${name}, ${daysOld} days old`),
    };
  },
};
