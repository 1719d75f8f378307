import { changesFile, type History, nextHistory, versionText } from "../../../../cli/handover/folder/history";
import { snapshotOf } from "../../../../cli/handover/folder/snapshot";
import { readStack } from "../../../../cli/handover/stack";
import type { Json, JsonObject } from "../../../../cli/handover/terraform-json/configuration";
import { stackJson } from "../../../support/handover";

type Blocks = Record<string, Record<string, Record<string, JsonObject>>>;

/** Returns the snapshot of the default app after a change of its JSON. */
function snapshot(change: (json: Blocks) => void = () => {}) {
  const json = JSON.parse(JSON.stringify(stackJson("ecs"))) as Blocks;
  change(json);
  return snapshotOf(readStack(json as unknown as Json, { name: "ecs" }));
}

/** Returns CHANGES.md after a change, without its title. */
function changes(change: (json: Blocks) => void): string {
  const after = snapshot(change);
  const history = nextHistory(undefined, snapshot());
  return changesFile(nextHistory(history, after), after).split("and then the plan.\n\n")[1] as string;
}

describe("CHANGES.md", () => {
  it("says that the first version is the first, and that nothing changed", () => {
    const history = nextHistory(undefined, snapshot());
    expect(changesFile(history, snapshot())).toMatch(
      /^# Changes\n\nWhat changed .*\n\nThe first version of this folder\.\n$/,
    );
    expect(changes(() => {})).toBe("The first version of this folder.\n");
  });

  it("does not depend on the order of keys", () => {
    const reversed = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, reversed(inner)]),
            )
          : value;
    const json = reversed(stackJson("ecs") as Json);
    expect(snapshotOf(readStack(json, { name: "ecs" }))).toEqual(snapshot());
  });

  it("has the versions of Terraform and of the provider, and what to run", () => {
    const text = changes(({ terraform }) => {
      Object.assign(terraform?.required_providers?.aws as object, { version: "7.0.0" });
      Object.assign(terraform as object, { required_version: ">= 1.12" });
    });
    expect(text).toBe(`## Since the first hand-over

Versions that Terraform requires. Run \`terraform init -upgrade\`, and commit \`.terraform.lock.hcl\`:

- \`Terraform\`: \`>= 1.10\` before, now \`>= 1.12\`
- \`hashicorp/aws\`: \`6.25.0\` before, now \`7.0.0\`
`);
  });

  it("has new variables, those that you must set first, removed ones, and changed defaults and rules", () => {
    const text = changes(({ variable }) => {
      const all = variable as unknown as Record<string, JsonObject>;
      all.owner = { type: "string", description: "The owner." };
      all.team = { type: "string", default: "shop" };
      all.max_size = { ...all.max_size, default: 4 };
      all.min_size = { ...all.min_size, description: "Another text." };
      delete all.root_volume_gib;
    });
    expect(text).toContain(
      "New variables that you must set before the next plan: `owner`.\n\nNew variables with a default: `team`.",
    );
    expect(text).toContain("Variables that no longer exist. Remove their values: `root_volume_gib`.");
    expect(text).toContain(
      "Changed variables:\n\n- `max_size`: default `2` before, now `4`\n- `min_size`: `description`\n",
    );
  });

  it("has new, removed and changed resources with their arguments, and the statements of the deploy policy", () => {
    const text = changes(({ resource, output }) => {
      const { aws_lb: balancers, aws_key_pair: keys } = resource as Blocks[string];
      Object.assign(balancers?.load_balancer as object, { idle_timeout: 30, client_keep_alive: 60 });
      delete keys?.key_pair;
      Object.assign(resource as object, { aws_sns_topic: { alarms: { name: "alarms" } } });
      Object.assign(output as object, { topic: { value: "alarms" } });
    });
    expect(text).toContain("Resources that the next apply deletes:\n\n- `aws_key_pair.key_pair`\n");
    expect(text).toContain("New resources:\n\n- `aws_sns_topic.alarms`\n");
    expect(text).toContain("- `aws_lb.load_balancer`: `client_keep_alive`, `idle_timeout`\n");
    expect(text).toContain("The deploy policies changed. Update the policies of the role before the apply");
    expect(text).toMatch(/- new statements: `\w*Topics?\w*`/i);
    expect(text).toContain("New outputs: `topic`.");
  });

  it("has a change of a local value at the resources that use it", () => {
    const text = changes(({ locals }) => {
      const [name] = Object.keys(locals as object).filter((one) => one.includes("user_data"));
      Object.assign(locals as object, { [name as string]: "#!/bin/bash" });
    });
    expect(text).toMatch(/- `aws_launch_template\.launch_template`: .*`user_data`\n/);
  });

  it("has moved, forgotten and imported resources, which Terraform neither deletes nor creates", () => {
    const text = changes((json) => {
      const {
        aws_lb: balancers,
        aws_cloudwatch_log_group: groups,
        aws_ecs_cluster: clusters,
      } = json.resource as Blocks[string];
      Object.assign(balancers as object, { edge: balancers?.load_balancer });
      delete balancers?.load_balancer;
      delete groups?.cluster_log_group;
      Object.assign(json, {
        moved: [{ from: "aws_lb.load_balancer", to: "aws_lb.edge" }],
        removed: [{ from: "aws_cloudwatch_log_group.cluster_log_group", lifecycle: { destroy: false } }],
        import: [{ to: "aws_ecs_cluster.cluster", id: "ecs" }],
      });
      expect(clusters).toHaveProperty("cluster");
    });
    expect(text).toContain("replaces none of them for it:\n\n- `aws_lb.load_balancer` to `aws_lb.edge`\n");
    expect(text).toContain("that stay in AWS:\n\n- `aws_cloudwatch_log_group.cluster_log_group`\n");
    expect(text).toContain("Resources that the next apply imports:\n\n- `aws_ecs_cluster.cluster`\n");
    expect(text).not.toMatch(/deletes:|New resources/);
  });

  it("has no values except defaults and versions", () => {
    expect(JSON.stringify(snapshot().elements)).not.toMatch(/HTTP|404|ecs-alb/);
  });
});

describe("the history of a folder", () => {
  const first = () => snapshot();
  const second = () =>
    snapshot(({ resource }) => Object.assign(resource?.aws_lb?.load_balancer as object, { idle_timeout: 30 }));

  it("starts a new list at each version, and keeps the lists of earlier versions", () => {
    const one = nextHistory(undefined, first(), "1.0.0");
    const two = nextHistory(one, second(), "1.1.0");
    const text = changesFile(two, second());
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(["1.1.0", "1.0.0"]);
    expect(text).toMatch(
      /## 1\.1\.0\n\nChanged resources.*\n\n- `aws_lb\.load_balancer`: `idle_timeout`\n\n## 1\.0\.0\n\nThe first version/,
    );
    expect(changesFile(two, first())).toContain("## Since 1.1.0\n");
    expect([versionText(two, second()), versionText(two, first())]).toEqual(["`1.1.0`", "`1.1.0` with later changes"]);
    expect(versionText(nextHistory(undefined, first()), first())).toBeUndefined();
  });

  it("does not change when the command runs again, with and without a version", () => {
    const one = nextHistory(undefined, first());
    expect(nextHistory(nextHistory(one, second()), second())).toEqual(one);
    const two = nextHistory(one, second(), "1.0.0");
    expect(nextHistory(two, second(), "1.0.0")).toEqual(two);
  });

  it("has a version without changes", () => {
    const one = nextHistory(undefined, first(), "1.0.0");
    expect(nextHistory(one, first(), "1.0.1").versions[0]).toEqual({
      ...{ version: "1.0.1", changes: "Nothing in the configuration changed." },
    });
  });

  it.each<[string, History]>([
    ["the last version with other contents", nextHistory(undefined, first(), "1.0.0")],
    ["an earlier version", nextHistory(nextHistory(undefined, first(), "1.0.0"), first(), "1.1.0")],
  ])("rejects %s", (_, history) => {
    expect(() => nextHistory(history, second(), "1.0.0")).toThrow(
      '--release must be a new version; received "1.0.0", which CHANGES.md has already, with other contents. Give the next version.',
    );
  });
});
