// A shop whose services send their output to a log router (FireLens), which sends it to CloudWatch Logs and to Firehose. A sidecar
// serves metrics, and its own output stays in the log group of the task. Use it when output must reach more than one place.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, LogDriver } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "log-router", {
  values: { name: "shop", instanceTypes: ["t3.medium"] },
  // The exporter writes to the journal of the instance, which the agent does not offer by default.
  agent: { logDrivers: ["journald"] },
});
const { region } = stack;

new Ec2Service(stack, "orders", {
  cluster: stack,
  containerPort: 3000,
  paths: ["/orders*"],
  logging: LogDriver.fireLens({
    options: {
      Name: "cloudwatch_logs",
      region,
      log_group_name: "/shop/orders",
      log_stream_prefix: "orders-",
      auto_create_group: "true",
    },
  }),
  sidecars: [
    {
      name: "audit",
      image: "public.ecr.aws/docker/library/busybox:1.37",
      command: ["sh", "-c", "tail -f /dev/null"],
      essential: false,
      memoryLimitMiB: 32,
      logging: LogDriver.fireLens({ options: { Name: "kinesis_firehose", region, delivery_stream: "audit" } }),
    },
    {
      name: "exporter",
      image: "public.ecr.aws/docker/library/busybox:1.37",
      command: ["sh", "-c", "tail -f /dev/null"],
      essential: false,
      memoryLimitMiB: 32,
      logging: LogDriver.journald({ tag: "{{.Name}}" }),
    },
  ],
  logRouter: { memoryReservationMiB: 64 },
  // The log router sends with the permissions of the containers.
  taskRoleStatements: [
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: ["arn:aws:logs:*:*:log-group:/shop/orders*"],
    },
    { actions: ["firehose:PutRecordBatch"], resources: ["arn:aws:firehose:*:*:deliverystream/audit"] },
  ],
});
app.synth();
