import { actionsOf } from "../actions";
import { type Cause, type Check, distinct, found, isRunning } from "../check";
import type { ImageFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly running: readonly InstanceFacts[];
  readonly images: readonly ImageFacts[];
}

/** The greatest age of an AMI, in days. AWS publishes a new AMI with security patches about every two weeks. */
export const AMI_DAYS = 90;

const FIX =
  "If ami_version is recommended, deploy the stack: it replaces the instances with ones of the newest AMI. If ami_version is pinned, set it to a newer version and deploy. If the AMI is your own, build a newer one.";
const OLD: Cause = { id: "ami-old", title: `The AMI of an instance is more than ${AMI_DAYS} days old.`, fix: FIX };
const DELETED: Cause = {
  id: "ami-deleted",
  title: "The AMI of an instance no longer exists.",
  fix: FIX,
  explains: ["launch-image"],
};

/** Checks the age of the running instances' AMI. */
export const imagesCheck: Check<Facts> = {
  id: "images",
  question: "Is the AMI recent?",
  actions: actionsOf("instances", "images"),
  causes: [OLD, DELETED],
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    return { running, images: await account.images(distinct(running.map(({ imageId }) => imageId)).sort()) };
  },
  decide: ({ running, images }) => {
    const known = new Map(images.map((image) => [image.id, image]));
    return {
      findings: distinct(running.map(({ imageId }) => imageId)).flatMap((id) => {
        const image = known.get(id);
        const of = running.filter(({ imageId }) => imageId === id).map((instance) => instance.id);
        if (image && image.daysOld <= AMI_DAYS) return [];
        return [
          found(image ? OLD : DELETED, {
            problem: image
              ? `The AMI ${id} is ${image.daysOld} days old. It should be at most ${AMI_DAYS} days old.`
              : `The AMI ${id} no longer exists. New instances cannot start from it.`,
            evidence: [...(image ? [image.name] : []), `instances: ${of.join(", ")}`],
            commands: [],
            about: { instances: of },
          }),
        ];
      }),
      notes: images.map(({ id, name, daysOld }) => `${id} ${name}, ${daysOld} days old`),
    };
  },
};
