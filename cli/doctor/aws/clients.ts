import { ACMClient } from "@aws-sdk/client-acm";
import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { ACTION } from "../aws-error";

/** A client for each AWS service, all with the same settings. */
export interface Clients {
  readonly acm: ACMClient;
  readonly applicationAutoScaling: ApplicationAutoScalingClient;
  readonly autoScaling: AutoScalingClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly logs: CloudWatchLogsClient;
  readonly scheduler: SchedulerClient;
  readonly secrets: SecretsManagerClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

/** The prefix of each client's actions in IAM. */
const PREFIXES: Readonly<Record<keyof Clients, string>> = {
  acm: "acm",
  applicationAutoScaling: "application-autoscaling",
  autoScaling: "autoscaling",
  balancing: "elasticloadbalancing",
  cloudWatch: "cloudwatch",
  ec2: "ec2",
  ecr: "ecr",
  ecs: "ecs",
  iam: "iam",
  kms: "kms",
  logs: "logs",
  scheduler: "scheduler",
  secrets: "secretsmanager",
  sqs: "sqs",
  ssm: "ssm",
  sts: "sts",
};

/** The part of a client that all clients share. */
interface AnyClient {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: unknown) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: unknown) => Promise<unknown>,
      options: { readonly step: "initialize" },
    ): void;
  };
}

/** Adds the IAM action to the errors of a client. */
function nameActions({ middlewareStack }: AnyClient, prefix: string): void {
  middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) =>
        next(args).catch((error) => {
          throw Object.assign(error, { [ACTION]: `${prefix}:${commandName.replace(/Command$/, "")}` });
        }),
    { step: "initialize" },
  );
}

/** @param endpoint the URL that replaces AWS, for tests */
export function clientsOf(region: string, endpoint?: string): Clients {
  // Without timeouts the doctor hangs if the region cannot be reached.
  const settings = { region, endpoint, requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 } };
  const clients: Clients = {
    acm: new ACMClient(settings),
    applicationAutoScaling: new ApplicationAutoScalingClient(settings),
    autoScaling: new AutoScalingClient(settings),
    balancing: new ElasticLoadBalancingV2Client(settings),
    cloudWatch: new CloudWatchClient(settings),
    ec2: new EC2Client(settings),
    ecr: new ECRClient(settings),
    ecs: new ECSClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    logs: new CloudWatchLogsClient(settings),
    scheduler: new SchedulerClient(settings),
    secrets: new SecretsManagerClient(settings),
    sqs: new SQSClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
  for (const name of Object.keys(PREFIXES) as (keyof Clients)[]) {
    nameActions(clients[name] as unknown as AnyClient, PREFIXES[name]);
  }
  return clients;
}
