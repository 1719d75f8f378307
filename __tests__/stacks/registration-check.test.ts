import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { Testing } from "cdktf";
import { InstanceRole } from "../../src";
import { RegistrationCheck } from "../../src/stacks/registration-check";
import { Parts } from "../support/parts";
import { at, emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

function synthesize({ leastPrivilege = false } = {}) {
  const stack = emptyStack();
  const { cluster } = new Parts(stack);
  const onlyCluster = leastPrivilege ? cluster : undefined;
  const role = new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", onlyCluster });
  new RegistrationCheck(stack, "registered", { cluster, minSize: 2, role });
  return synthesized(stack);
}

const COUNT = "data.aws_ecs_cluster.registered.registered_container_instances_count";
// CDKTF's matchers know no checks.
const check = (...keys: string[]) => at(synthesize(), "check", "instances_registered", ...keys);

describe("RegistrationCheck", () => {
  it("reads the cluster after Terraform created it", () => {
    expect(JSON.stringify(synthesize())).toHaveDataSourceWithProperties(DataAwsEcsCluster, {
      cluster_name: '${element(split("/", aws_ecs_cluster.cluster.arn), 1)}',
    });
  });

  it("has no data source inside the check, which would change every plan", () => {
    expect(Object.keys(check() as object)).toEqual(["assert"]);
  });

  it("warns when fewer instances than minSize have joined, and says how to find the cause", () => {
    expect(check("assert")).toEqual([
      {
        condition: `\${${COUNT} >= 2}`,
        error_message: `\${${COUNT}} of at least \${2} container instances have joined the cluster \${aws_ecs_cluster.cluster.name}. This is normal for a few minutes after the first apply. Otherwise, run the command in the output agent_log_command, which shows the log of the ECS agent. For AccessDeniedException, check that the instance role has the policy AmazonEC2ContainerServiceforEC2Role. For a timeout, check that the instances can reach ECS: with a public address and a route to the internet, or with VPC endpoints of ECS.`,
      },
    ]);
  });

  it("names the policy of a role with least privilege", () => {
    const [assertion] = at(synthesize({ leastPrivilege: true }), "check", "instances_registered", "assert") as object[];
    expect(assertion).toMatchObject({
      error_message: expect.stringContaining("the instance role has the policy join-cluster."),
    });
  });
});
