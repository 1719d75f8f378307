import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found, isRunning } from "../check";
import type { ImageFacts, InstanceFacts, InstanceTypeFacts, RoleFacts, TemplateFacts } from "../facts";
import { causeBehind } from "../symptom-cause";

interface Facts {
  readonly region: string;
  readonly templates: readonly TemplateFacts[];
  readonly running: readonly InstanceFacts[];
  /** The roles of the profiles that no running instance has. @default - they could not be read */
  readonly roles?: readonly RoleFacts[];
  /** The AMIs that exist. @default - they could not be read */
  readonly images?: readonly ImageFacts[];
  /** @default - they could not be read */
  readonly types?: readonly InstanceTypeFacts[];
}

const DELETED: Cause = {
  id: "template-deleted",
  title: "The launch template of an Auto Scaling group, or its version, was deleted.",
  fix: "Deploy the stack again, which creates it.",
  explains: ["instances-missing"],
};
const OLD: Cause = {
  id: "template-old-version",
  title: "An Auto Scaling group starts instances from an old version of its launch template.",
  fix: "Deploy the stack again, which sets the newest version. If the newest version is wrong, delete it.",
};
const NO_PROFILE: Cause = {
  id: "template-without-profile",
  title: "The launch template names no instance profile, so that the next instance cannot join the cluster.",
  fix: "Deploy the stack again, which adds the profile.",
};
const PROFILE_DELETED: Cause = causeBehind("launch-profile", "template-profile-deleted");
const NOT_TRUSTED: Cause = {
  id: "template-role-not-trusted",
  title: "EC2 is not allowed to assume the role of the launch template's instance profile.",
  fix: "Deploy the stack again, which restores the trust policy of the role.",
};
const NO_IMAGE: Cause = causeBehind("launch-image", "template-image-deleted");
const ARCHITECTURE: Cause = {
  id: "template-architecture",
  title: "The AMI of the launch template is for another architecture than its instance types.",
  fix: "Choose instance_types of the AMI's architecture, or another AMI, and deploy.",
  explains: ["instances-missing"],
};

/** Checks what the next instance starts from. Other checks cover the profiles and the AMIs of the running instances. */
export const templatesCheck: Check<Facts> = {
  id: "templates",
  question: "Can the next instance start from the launch template, and join the cluster?",
  actions: actionsOf("templates", "instances", "role", "images", "instanceTypes"),
  causes: [DELETED, OLD, NO_PROFILE, PROFILE_DELETED, NOT_TRUSTED, NO_IMAGE, ARCHITECTURE],
  read: async (account, optional) => {
    const templates = await account.templates();
    const running = (await account.instances()).filter(isRunning);
    const used = running.map(({ profileArn }) => nameOf(profileArn ?? ""));
    const profiles = distinct(templates.flatMap(({ found: version }) => version?.profile ?? []));
    const others = profiles.filter((profile) => !used.includes(nameOf(profile)));
    const images = distinct(templates.flatMap(imageIdOf)).sort();
    const types = distinct(templates.flatMap(({ instanceTypes }) => instanceTypes)).sort();
    return {
      ...{ region: account.region, templates, running },
      roles: await optional(Promise.all(others.map((profile) => account.role(profile)))),
      images: await optional(account.images(images)),
      types: await optional(account.instanceTypes(types)),
    };
  },
  decide: (facts) => ({
    findings: facts.templates.flatMap((template) => findingsOf(template, facts)),
    notes: facts.templates.flatMap(({ group, id, found: version }) =>
      version ? [`${group}: ${id} version ${version.number}, ${version.imageId ?? "no AMI"}`] : [],
    ),
  }),
};

/** Returns the name of an instance profile by its ARN or name. */
const nameOf = (profile: string): string => profile.split("/").at(-1) ?? profile;

/** Returns the ID of the AMI. A reference to a parameter has none. */
const imageIdOf = ({ found: version }: TemplateFacts): string[] =>
  version?.imageId?.startsWith("ami-") ? [version.imageId] : [];

function findingsOf(template: TemplateFacts, { region, running, roles = [], images, types = [] }: Facts): Finding[] {
  const { group, id, version, instanceTypes, found: used } = template;
  const of = `the launch template ${id} of the Auto Scaling group ${group}`;
  const about = { groups: [group] };
  const describe = command`aws ec2 describe-launch-template-versions --region ${region} --launch-template-id ${id} --versions '$Latest'`;
  const details = { commands: [describe], about };
  if (used === undefined) {
    const problem = `Version ${version} of ${of} was deleted. No instance can start.`;
    return [found(DELETED, { problem, evidence: [`${id} version ${version}`], ...details })];
  }
  const evidence = [`${id} version ${used.number}`];
  const findings: Finding[] = [];
  if (/^\d+$/.test(version) && used.number < used.newest) {
    const problem = `The Auto Scaling group ${group} starts instances from version ${used.number} of ${id}. The newest version is ${used.newest}.`;
    findings.push(found(OLD, { problem, evidence, ...details }));
  }
  const { profile = "" } = used;
  const role = roles.find(({ profileArn }) => profileArn === profile);
  if (profile === "") {
    const problem = `${capital(of)} names no instance profile. The next instance cannot join the cluster.`;
    findings.push(found(NO_PROFILE, { problem, evidence, ...details }));
  } else if (role && role.name === undefined) {
    const problem = `The instance profile ${nameOf(profile)} in ${of} ${role.deleted ? "was deleted" : "has no role"}. The next instance cannot ${role.deleted ? "start" : "join the cluster"}.`;
    findings.push(found(PROFILE_DELETED, { problem, evidence: [...evidence, profile], ...details }));
  } else if (role && !role.trustedServices.some((service) => /^ec2\.amazonaws\.com(\.cn)?$/.test(service))) {
    const trusted = `trusted services: ${role.trustedServices.join(", ") || "none"}`;
    const problem = `EC2 is not allowed to assume the role ${role.name} of ${of}. The next instance cannot join the cluster.`;
    findings.push(found(NOT_TRUSTED, { problem, evidence: [...evidence, trusted], ...details }));
  }
  const [imageId] = imageIdOf(template);
  const image = images?.find((one) => one.id === imageId);
  if (imageId && images && !image && !running.some((instance) => instance.imageId === imageId)) {
    const problem = `The AMI ${imageId} of ${of} does not exist. The next instance cannot start.`;
    findings.push(found(NO_IMAGE, { problem, evidence, ...details }));
  }
  const wrong = types.filter(
    ({ name, architectures }) =>
      instanceTypes.includes(name) && image?.architecture && !architectures.includes(image.architecture),
  );
  if (image && wrong.length > 0) {
    findings.push(
      found(ARCHITECTURE, {
        problem: `The AMI ${image.id} of ${of} is for ${image.architecture}. ${wrong.map(({ name }) => name).join(", ")} cannot start from it.`,
        evidence: [...evidence, ...wrong.map(({ name, architectures }) => `${name}: ${architectures.join(", ")}`)],
        ...details,
      }),
    );
  }
  return findings;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
