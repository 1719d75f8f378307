import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { destroy } from "../../../../cli/handover/readme/destroy";
import { readStack } from "../../../../cli/handover/stack";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import type { EcsClusterSettings, EcsClusterStack } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { stackJson } from "../../../support/handover";
import { synthesized } from "../../../support/synthesized";

const ofExample = (name: string): string => destroy(readStack(stackJson(name) as Json, { name }));
const ofCluster = (settings: EcsClusterSettings = {}, add: (stack: EcsClusterStack) => void = () => {}): string => {
  const stack = clusterStack(settings);
  add(stack);
  return destroy(readStack(synthesized(stack) as Json, { name: "ecs" }));
};

describe("how to destroy a hand-over", () => {
  it("says what to do first: services of other states, images, and objects", () => {
    const text = ofExample("jobs");
    expect(text).toContain("Before you destroy:\n\n- Destroy the services of other states that use this cluster.");
    expect(text).toContain("- Delete the images in `aws_ecr_repository.app_repository`.");
    expect(text).toContain("aws ecr batch-delete-image --repository-name REPOSITORY");
    const bucket = ofCluster({}, (stack) => {
      new S3Bucket(stack, "files", { bucket: "files" });
      new S3Bucket(stack, "temporary", { bucket: "temporary", forceDestroy: true });
    });
    expect(bucket).toContain("- Delete the objects in `aws_s3_bucket.files`.");
    expect(ofExample("existing-cluster")).not.toContain("Before you destroy");
  });

  it("switches the protection of a load balancer off, which fails at the plan or only at the apply", () => {
    const settings = { loadBalancer: { deletionProtection: true } };
    expect(ofCluster(settings)).toContain(
      "- `aws_lb.load_balancer` is protected, so `terraform destroy` fails at the plan and deletes nothing.",
    );
    const only = ofCluster({}, (stack) => {
      stack.loadBalancer?.node.findChild("resource");
      stack.addOverride("resource.aws_lb.load_balancer.enable_deletion_protection", true);
    });
    expect(only).toContain("- `aws_lb.load_balancer` is protected, so `terraform destroy` fails. To switch");
  });

  it("names what is lost", () => {
    expect(ofExample("ecs")).toContain("Terraform deletes for good: the events in one log group.");
    expect(ofExample("jobs")).toContain("and the messages in `aws_sqs_queue.nightly_dead_letter_queue`.");
    expect(ofExample("shared-files")).toContain("the files in `aws_efs_file_system.uploads`.");
    expect(ofExample("releases")).toContain("the values of `aws_ssm_parameter.users_image_parameter`");
  });

  it("names what stays in AWS, and the command that deletes it", () => {
    const text = ofCluster({ customerKey: true }, (stack) => {
      new CloudwatchLogGroup(stack, "audit", { name: "/audit", skipDestroy: true });
      new SecretsmanagerSecret(stack, "password", { name: "password" });
      new SecretsmanagerSecret(stack, "other", { name: "other", recoveryWindowInDays: 0 });
    });
    for (const row of [
      "| The log groups `aws_cloudwatch_log_group.audit`, whose events expire | `aws logs delete-log-group",
      "| The log group of Container Insights, which AWS created |",
      "| The KMS key, which AWS deletes after its waiting period.",
      "| The secrets, which AWS deletes after their recovery window.",
      "| The service-linked roles, which other stacks use too | Keep them. |",
    ])
      expect(text).toContain(row);
    expect(ofExample("shared-files")).toContain("| The backups of the file systems, until they expire |");
    expect(ofExample("hardened")).toContain("| The logs of the load balancer in S3 |");
    expect(ofExample("existing-cluster")).not.toContain("Container Insights");
  });

  it("keeps a retained file system, whose files are not lost", () => {
    const json = JSON.parse(JSON.stringify(stackJson("shared-files")));
    json.resource.aws_efs_file_system.uploads.lifecycle = { prevent_destroy: true };
    const text = destroy(readStack(json, { name: "shared-files" }));
    expect(text).toContain("| The file systems `aws_efs_file_system.uploads` |");
    expect(text).not.toContain("the files in");
  });

  it("says that protection from scale-in does not stop a destroy", () => {
    const sentence = "Protection from scale-in does not stop it";
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.resource.aws_autoscaling_group.capacity.protect_from_scale_in = true;
    expect(destroy(readStack(json, { name: "ecs" }))).toContain(sentence);
    expect(ofExample("ecs")).not.toContain(sentence);
  });
});
