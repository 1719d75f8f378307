import { readme } from "../../../../cli/handover/readme";
import { OF_FEATURES } from "../../../../cli/handover/readme/troubleshooting";
import { readStack } from "../../../../cli/handover/stack";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { TABLES } from "../../../../cli/troubleshooting";
import { stackJson } from "../../../support/handover";

const readmeOf = (name: string, module = false): string => readme(readStack(stackJson(name) as Json, { name, module }));
const section = (text: string, title: string): string => text.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";

/** Returns the anchor of a heading, as GitHub writes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");

const NAMES = [
  ...["ecs", "microservices", "hardened", "service-stack", "existing-cluster", "queue-worker", "releases", "jobs"],
  ...["blue-green", "network-load-balancer", "constructs", "shared-image", "shared-files"],
];

describe("the troubleshooting in the README of a hand-over", () => {
  it.each(NAMES)("has only links to sections of the README of %s", (name) => {
    for (const text of [readmeOf(name), readmeOf(name, true)]) {
      const anchors = [...text.matchAll(/^##+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));
      const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
      expect(links.filter((link) => !anchors.includes(link as string))).toEqual([]);
      expect(text).not.toMatch(/\]\((?!CHANGES)[\w-]+\.md|npm run|this library/i);
    }
  });

  it("has the commands with the outputs of Terraform, and in a module with placeholders", () => {
    const text = section(readmeOf("microservices"), "If a service does not run");
    expect(text).toContain("`SERVICE` is one of `posts`, `threads`, `users` and `worker`.");
    expect(text).toContain('--cluster "$(terraform output -raw cluster_name)" --services SERVICE');
    expect(text).not.toContain("--cluster CLUSTER");
    expect(section(readmeOf("microservices", true), "If a service does not run")).toContain("--cluster CLUSTER ");
    expect(section(readmeOf("service-stack"), "If a service does not run")).toContain("--cluster ecs --services");
    expect(section(readmeOf("constructs"), "If there is no capacity")).toContain(
      "--auto-scaling-group-name batch-instances ",
    );
    expect(section(readmeOf("microservices"), "If there is no capacity")).toContain(
      'describe-capacity-providers --capacity-providers "$(terraform output -raw capacity_provider_name)" --query',
    );
  });

  it("has the symptoms of services, targets, images and capacity", () => {
    const text = section(readmeOf("microservices"), "If a service does not run");
    for (const symptom of [
      "`Target.Timeout`",
      "`FAILED` with `circuit breaker`",
      "`manifest unknown`",
      "`OutOfMemoryError`",
    ])
      expect(text).toContain(symptom);
    expect(section(readmeOf("ecs"), "If there is no capacity")).toContain("`insufficient capacity`");
    expect(readmeOf("ecs")).not.toContain("## If a service does not run");
  });

  it("leaves out the symptoms of features that the stack does not have", () => {
    const [plain, network, queue] = ["microservices", "network-load-balancer", "queue-worker"].map((name) =>
      section(readmeOf(name), "If a service does not run"),
    );
    expect([plain?.includes("RESOURCE:ENI"), plain?.includes("Network Load Balancer")]).toEqual([false, false]);
    expect(network).toContain("healthy targets of a listener of a Network Load Balancer");
    expect(queue).not.toContain("### A target is unhealthy");
    expect(queue).not.toContain("failed ELB health checks");
    expect(section(readmeOf("blue-green"), "If a service does not run")).toContain("RESOURCE:ENI");
  });

  it("knows the features of symptoms that exist", () => {
    const ids = Object.values(TABLES).flatMap((all) => all.map(({ id }) => id));
    expect(Object.keys(OF_FEATURES).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("replaces an instance of another cluster, because a new launch template changes no instance that runs", () => {
    const row = section(readmeOf("ecs"), "If an instance does not join the cluster")
      .split("\n")
      .find((line) => line.includes("ClusterNotFoundException"));
    expect(row).toContain(
      "terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id ID",
    );
  });

  it("starts with links to what someone needs in a hurry", () => {
    expect(readmeOf("microservices")).toContain(
      "If something does not work: [a service does not run](#if-a-service-does-not-run), [there is no capacity](#if-there-is-no-capacity), [an instance does not join the cluster](#if-an-instance-does-not-join-the-cluster) and [an apply fails](#if-an-apply-fails).",
    );
    expect(readmeOf("existing-cluster")).toContain(
      "[a service does not run](#if-a-service-does-not-run) and [an apply fails]",
    );
  });
});
