// EventArchive
// JSON: aws_cloudwatch_event_rule.event_archive_stopped_tasks: event_pattern
// JSON: aws_cloudwatch_log_resource_policy.event_archive_policy: policy_document

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { Cluster, EventArchive, ReadableStack } from "../../src";

const app = new App();
const stack = new ReadableStack(app, "archive");
new LocalBackend(stack, { path: "../../../terraform.archive.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const cluster = new Cluster(stack, "cluster", { name: "ecs" });
// EcsClusterStack has the setting `eventArchive`.
new EventArchive(stack, "event_archive", { name: "ecs", cluster, logRetentionDays: 30 });
app.synth();
