import { InstanceRole } from "../../src";
import { RegistrationCheck } from "../../src/stacks/registration-check";
import { Parts } from "../support/parts";
import { at, data, emptyStack, type Part, synthesized } from "../support/synthesized";

function made(onlyThisCluster = false): Part {
  const stack = emptyStack();
  const { cluster } = new Parts(stack);
  const onlyCluster = onlyThisCluster ? cluster : undefined;
  const role = new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", onlyCluster });
  new RegistrationCheck(stack, "registered", { cluster, minSize: 2, role });
  return synthesized(stack);
}

const COUNT = "data.aws_ecs_cluster.registered.registered_container_instances_count";

describe("RegistrationCheck", () => {
  it("reads the cluster once it is made, at top level, since a lookup in a check makes every plan non-empty", () => {
    expect(data(made(), "aws_ecs_cluster.registered")).toMatchObject({
      cluster_name: '${element(split("/", aws_ecs_cluster.cluster.arn), 1)}',
    });
    expect(Object.keys(at(made(), "check", "instances_registered") as Part)).toEqual(["assert"]);
  });

  it("warns when fewer instances have joined than there should be", () => {
    expect(at(made(), "check", "instances_registered", "assert", 0, "condition")).toBe(`\${${COUNT} >= 2}`);
  });

  it("says how many joined, where to look, and that the first minutes are expected", () => {
    expect(at(made(), "check", "instances_registered", "assert", 0, "error_message")).toBe(
      `\${${COUNT}} of at least \${2} container instances have joined the cluster \${aws_ecs_cluster.cluster.name}. In the first minutes after the first apply this is expected. Later: run the command in the output agent_log_command, which shows docker logs ecs-agent. AccessDeniedException there means the instance role (it needs AmazonEC2ContainerServiceforEC2Role); a timeout means the network path (a public address and a route to the internet, or VPC endpoints of ECS).`,
    );
  });

  it("names the policy that the role has", () => {
    expect(at(made(true), "check", "instances_registered", "assert", 0, "error_message")).toContain(
      "means the instance role (it needs join-cluster);",
    );
  });
});
