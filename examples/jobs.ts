// A web service, a migration before each release and a nightly report, which run one image. Failures are reported to the topic of the
// cluster's alarms. See docs/jobs.md.
// Use it when something besides services runs on the cluster.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, OneOffTask, ScheduledTask, Secret, ServiceImage } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "jobs", { alarms: true, values: { name: "books" } });
const image = new ServiceImage(stack, "app", { clusterName: stack.cluster.clusterName, ecrRepository: true });
const secrets = { DATABASE_URL: Secret.fromSsmParameter("/prod/books/database-url") };

new Ec2Service(stack, "web", {
  cluster: stack,
  image,
  secrets,
  containerPort: 3000,
  paths: ["/*"],
  desiredCount: 2,
});
new OneOffTask(stack, "migrate", { cluster: stack, image, secrets, command: ["npm", "run", "migrate"] });
new ScheduledTask(stack, "nightly", {
  cluster: stack,
  image,
  secrets,
  scheduleExpression: "cron(0 3 * * ? *)",
  timeZone: "Asia/Seoul",
  // The job ends after an hour at the latest.
  command: ["timeout", "3600", "npm", "run", "report"],
  taskRoleStatements: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::books-reports/*"] }],
  // A second start for the same night writes the same report.
  overrides: { nightly: { environment: { REPORT_TIME: "<aws.scheduler.scheduled-time>" } } },
});
app.synth();
