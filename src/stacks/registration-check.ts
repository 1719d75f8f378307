import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Cluster } from "../cluster/cluster";
import { type InstanceRole, MANAGED_POLICY } from "../iam/instance-role";
import { hcl } from "../terraform/expression";

/** The cluster, and the number of instances to expect. */
export interface RegistrationCheckProps {
  readonly cluster: Cluster;
  /** The number of instances that the cluster has at least. */
  readonly minSize: number;
  /** The instance role. The warning names its policy. @default - the role of an instance profile that exists */
  readonly role?: InstanceRole;
}

/** A Terraform `check` that warns when fewer instances than expected have joined the cluster. It never fails a plan. */
export class RegistrationCheck extends Construct {
  constructor(scope: Construct, id: string, props: RegistrationCheckProps) {
    super(scope, id);
    const { cluster, minSize, role } = props;
    // A data source inside the check would make every plan non-empty.
    // https://github.com/hashicorp/terraform/issues/35226
    const registered = new DataAwsEcsCluster(this, "resource", { clusterName: cluster.nameOnceMade });
    const count = hcl`${registered.fqn}.registered_container_instances_count`;
    // CDKTF has no construct for a check.
    TerraformStack.of(this).addOverride("check.instances_registered", {
      assert: [
        {
          condition: hcl`${count} >= ${minSize}`,
          error_message: `${count} of at least ${hcl`${minSize}`} container instances have joined the cluster ${cluster.clusterName}. This is normal for a few minutes after the first apply. Otherwise, run the command in the output agent_log_command, which shows the log of the ECS agent. For AccessDeniedException, check that the instance role has the policy ${role?.policyName ?? MANAGED_POLICY}. For a timeout, check that the instances can reach ECS: with a public address and a route to the internet, or with VPC endpoints of ECS.`,
        },
      ],
    });
  }
}
