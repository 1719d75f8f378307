import {
  type DockerVolume,
  Ec2Service,
  type Ec2ServiceProps,
  EcsServiceStack,
  LogDriver,
  Secret,
  type TaskVolume,
} from "../../src";
import { ec2ServicePropsSchema } from "../../src/services/ec2-service";
import { hcl } from "../../src/terraform/expression";
import type { Schema } from "../../src/validation/schema";
import { existingCluster } from "../support/existing-cluster";
import { problemsOf } from "../support/problems";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

/** Text that means something to Terraform, JSON and a shell, and the same with only the characters of a URL. */
const FREE = '${aws_ecs_cluster.none.arn}%{ if true }"},\n{"privileged": true, \\" $${y} `id` $(id) \u0001é';
const URL = '/${aws_ecs_cluster.none.arn}%{if}"},{"privileged":true}\\"$${y}`id`';
const QUERY = '/$(id)%(if)"),("privileged":true)\\"$$y';
const ARN = `arn:aws:s3:::bucket${URL}`;
/** The same with the characters of a header. */
const ASCII = FREE.replace(/[\n\u0001é]/g, "");
/** A path, which has no colon. */
const PATH = `/${FREE}`.replaceAll(":", "");

type Props = Partial<Ec2ServiceProps>;
/** Returns a service with a listener. */
const listening = (listener: object): Props => ({
  containerPort: 80,
  listeners: { tcp: { loadBalancer: "edge", port: 1, ...listener } },
});
type Outcome = "arrives" | "is rejected";

/** Every setting of a service that accepts text, with the expected outcome. */
const TEXTS: readonly (readonly [setting: string, outcome: Outcome, text: string, props: (text: string) => Props])[] = [
  ["environment", "arrives", FREE, (text) => ({ environment: { PLAIN: text } })],
  ["environment", "arrives", URL, (text) => ({ environment: { [text]: "x" } })],
  ["command", "arrives", FREE, (text) => ({ command: [text] })],
  ["entryPoint", "arrives", FREE, (text) => ({ entryPoint: [text] })],
  ["workingDirectory", "arrives", FREE, (text) => ({ workingDirectory: text })],
  ["user", "arrives", FREE, (text) => ({ user: text })],
  ["triggers", "arrives", FREE, (text) => ({ triggers: { restart: text } })],
  ["triggers", "arrives", URL, (text) => ({ triggers: { [text]: "1" } })],
  ["deployment", "arrives", FREE, (text) => ({ deployment: { alarms: { alarmNames: [text] } } })],
  ["deployment", "arrives", FREE, (text) => hook("/deployment-a", { hookDetails: { a: text } })],
  ["deployment", "arrives", URL, (text) => hook("/deployment-b", { hookDetails: { [text]: "a" } })],
  ["deployment", "is rejected", FREE, (text) => hook("/deployment-c", { hookTargetArn: text })],
  ["deployment", "is rejected", FREE, (text) => hook("/deployment-d", { role: text })],
  ["deployment", "is rejected", FREE, (text) => shifted("/deployment-e", { infrastructureRole: text })],
  [
    "deployment",
    "arrives",
    ASCII,
    (text) => shifted("/deployment-f", { testRoute: { headers: { a: [text.slice(0, 120)] } } }),
  ],
  ["containerHealthCheck", "arrives", FREE, (text) => ({ containerHealthCheck: { command: text } })],
  ["placementConstraints", "arrives", FREE, (text) => ({ placementConstraints: [memberOf(text)] })],
  ["placementStrategies", "arrives", URL, (text) => ({ placementStrategies: [{ type: "spread", field: text }] })],
  ["taskRoleStatements", "is rejected", FREE, (text) => ({ taskRoleStatements: [allow(text, "*")] })],
  ["taskRoleStatements", "is rejected", FREE, (text) => ({ taskRoleStatements: [allow("s3:GetObject", text)] })],
  ["taskRoleStatements", "arrives", ARN, (text) => ({ taskRoleStatements: [allow("s3:GetObject", text)] })],
  ["executionRoleStatements", "is rejected", FREE, (text) => ({ executionRoleStatements: [allow(text, "*")] })],
  ["executionRoleStatements", "arrives", ARN, (text) => ({ executionRoleStatements: [allow("s3:GetObject", text)] })],
  ["volumes", "arrives", PATH, (text) => ({ volumes: { a: { hostPath: text } }, mountPoints: { "/a": "a" } })],
  ["mountPoints", "arrives", PATH, (text) => ({ ...SHARED, mountPoints: { [text]: "shared" } })],
  ["secrets", "is rejected", URL, (text) => ({ secrets: { A: secretOf("parameter", text) } })],
  ["secrets", "arrives", URL, (text) => ({ secrets: { [text]: Secret.fromSsmParameter("/a") } })],
  ["secrets", "is rejected", FREE, (text) => ({ secrets: { A: Secret.fromSsmParameter(text) } })],
  ["secrets", "is rejected", FREE, (text) => ({ secrets: { A: Secret.fromSecretsManager(text) } })],
  ["volumes", "is rejected", FREE, (text) => ({ volumes: { [text]: { docker: "task" } } })],
  ["volumes", "is rejected", FREE, (text) => ({ volumes: { a: { fileSystem: text } } })],
  ["volumes", "arrives", FREE, (text) => docker({ driver: text })],
  ["volumes", "arrives", FREE, (text) => docker({ driverOpts: { device: text } })],
  ["volumes", "arrives", URL, (text) => docker({ driverOpts: { [text]: "a" } })],
  ["volumes", "arrives", FREE, (text) => docker({ labels: { team: text } })],
  ["volumes", "arrives", PATH, (text) => volume({ fileSystem: "fs-0123456789abcdef0", rootDirectory: text })],
  ["volumes", "is rejected", FREE, (text) => volume({ ebs: { snapshotId: text } })],
  ["volumesFrom", "is rejected", FREE, (text) => ({ volumesFrom: [{ sourceContainer: text }] })],
  ["image", "is rejected", FREE, (text) => ({ image: text })],
  ["serviceName", "is rejected", FREE, (text) => ({ serviceName: text })],
  ["sidecars", "is rejected", FREE, (text) => ({ sidecars: [{ name: text, image: "a:1" }] })],
  ["sidecars", "is rejected", FREE, (text) => ({ sidecars: [{ name: "a", image: text }] })],
  ["links", "is rejected", FREE, (text) => ({ links: [text] })],
  ["dependsOn", "is rejected", FREE, (text) => ({ dependsOn: { [text]: "START" } })],
  ["ulimits", "is rejected", FREE, (text) => ({ ulimits: [{ name: text as "core", softLimit: 1, hardLimit: 1 }] })],
  ["taskRolePolicyArns", "is rejected", FREE, (text) => ({ taskRolePolicyArns: [text] })],
  ["healthCheck", "is rejected", FREE, (text) => ({ ...ROUTED, healthCheck: { path: text } })],
  ["healthCheck", "is rejected", FREE, (text) => ({ ...ROUTED, healthCheck: { healthyHttpCodes: text } })],
  [
    "stickinessCookieName",
    "is rejected",
    FREE,
    (text) => ({ ...ROUTED, stickinessSeconds: 60, stickinessCookieName: text }),
  ],
  ["targetProtocol", "is rejected", FREE, (text) => ({ ...ROUTED, targetProtocol: text as "HTTP" })],
  ["paths", "is rejected", URL, (text) => ({ ...ROUTED, paths: [text] })],
  ["hosts", "is rejected", FREE, (text) => ({ ...ROUTED, hosts: [text] })],
  ["routes", "is rejected", FREE, (text) => ({ ...ROUTED, routes: { [text]: { paths: ["/a"] } } })],
  ["routes", "is rejected", FREE, (text) => ({ ...ROUTED, routes: { a: { paths: [text] } } })],
  [
    ...(["capacityProviderStrategies", "is rejected", FREE] as const),
    (text) => ({ capacityProviderStrategies: [{ capacityProvider: text }] }),
  ],
  ["portMappings", "is rejected", FREE, (text) => ({ portMappings: [{ containerPortRange: text }] })],
  ["portMappings", "is rejected", FREE, (text) => ({ portMappings: [{ containerPort: 1, name: text }] })],
  ["portMappings", "is rejected", FREE, (text) => ({ portMappings: [udp({ cidrs: [text] })] })],
  ["portMappings", "is rejected", FREE, (text) => ({ portMappings: [udp({ securityGroups: { [text]: "sg-0" } })] })],
  ["subnetIds", "is rejected", FREE, (text) => ({ networkMode: "awsvpc", subnetIds: [text] })],
  ["securityGroupIds", "is rejected", FREE, (text) => ({ networkMode: "awsvpc", securityGroupIds: [text] })],
  ["serviceConnect", "arrives", URL, (text) => ({ serviceConnect: { namespace: text }, containerPort: 1 })],
  [
    "serviceConnect",
    "is rejected",
    FREE,
    (text) => ({ serviceConnect: { namespace: "a", dnsName: text }, containerPort: 1 }),
  ],
  ["serviceConnect", "is rejected", FREE, (text) => connected({ discoveryName: text })],
  ["serviceConnect", "is rejected", FREE, (text) => connected({ testTrafficHeader: { name: text, value: "a" } })],
  [
    ...(["serviceConnect", "arrives", FREE] as const),
    (text) => ({ ...connected({ testTrafficHeader: { name: "a", value: text } }), deployment: { strategy: "CANARY" } }),
  ],
  ["cloudMapOptions", "is rejected", FREE, (text) => ({ cloudMapOptions: { cloudMapNamespace: text } })],
  ["cloudMapOptions", "is rejected", FREE, (text) => discovered({ name: text })],
  ["cloudMapOptions", "is rejected", FREE, (text) => discovered({ container: text })],
  ["serviceConnect", "is rejected", FREE, (text) => connected({ services: [{ portMappingName: text }] })],
  ["serviceConnect", "is rejected", FREE, (text) => connected({ tls: { awsPcaAuthorityArn: text } })],
  ["serviceConnect", "is rejected", FREE, (text) => connected({ tls: { awsPcaAuthorityArn: AUTHORITY, role: text } })],
  [
    "serviceConnect",
    "is rejected",
    FREE,
    (text) => connected({ tls: { awsPcaAuthorityArn: AUTHORITY, kmsKey: text } }),
  ],
  [
    "serviceConnect",
    "arrives",
    FREE,
    (text) => connected({ logDriver: LogDriver.splunk({ ...splunk("https://a.example"), options: { note: text } }) }),
  ],
  ["scaling", "arrives", FREE, (text) => tracking({ expression: text, usingMetrics: { a: METRIC } })],
  ["scaling", "arrives", ASCII, (text) => tracking({ metric: { ...METRIC, namespace: text } })],
  ["scaling", "arrives", ASCII, (text) => tracking({ metric: { ...METRIC, metricName: text } })],
  ["scaling", "arrives", ASCII, (text) => tracking({ metric: { ...METRIC, dimensions: { A: text } } })],
  ["scaling", "arrives", ASCII, (text) => tracking({ metric: { ...METRIC, dimensions: { [text]: "a" } } })],
  ["scaling", "arrives", ASCII, (text) => tracking({ metric: { ...METRIC, unit: text } })],
  ["scaling", "arrives", ASCII, (text) => stepping({ metric: { ...METRIC, dimensions: { [text]: "a" } } })],
  ["scaling", "arrives", ASCII, (text) => stepping({ metric: { ...METRIC, dimensions: { A: text } } })],
  ["scaling", "is rejected", FREE, (text) => ({ scaling: { maxCapacity: 1, queue: text } })],
  ["scaling", "is rejected", FREE, (text) => ({ scaling: { maxCapacity: 1, queue: { queueArn: text } } })],
  ["scaling", "is rejected", FREE, (text) => tracking({ metric: { ...METRIC, statistic: text } })],
  ["scaling", "is rejected", FREE, (text) => tracking({ metric: { ...METRIC, namespace: text } })],
  [
    "scaling",
    "is rejected",
    FREE,
    (text) => ({ scaling: { maxCapacity: 1, schedules: { a: { schedule: text, minCapacity: 0 } } } }),
  ],
  [
    "scaling",
    "is rejected",
    FREE,
    (text) => ({ scaling: { maxCapacity: 1, targetTracking: { [text]: { targetValue: 1, metric: METRIC } } } }),
  ],
  ["linuxParameters", "arrives", PATH, (text) => ({ linuxParameters: { devices: [{ hostPath: text }] } })],
  [
    "linuxParameters",
    "arrives",
    PATH,
    (text) => ({ linuxParameters: { devices: [{ hostPath: "/dev/fuse", containerPath: text }] } }),
  ],
  ["linuxParameters", "arrives", PATH, (text) => tmpfs({ containerPath: text })],
  ["linuxParameters", "arrives", `mode=${FREE.replaceAll(",", "")}`, (text) => tmpfs({ mountOptions: [text] })],
  ["linuxParameters", "is rejected", FREE, (text) => tmpfs({ mountOptions: [text] })],
  [
    "systemControls",
    "arrives",
    FREE,
    (text) => ({ systemControls: [{ namespace: "net.core.somaxconn", value: text }] }),
  ],
  ["systemControls", "arrives", `net.${URL}`, (text) => ({ systemControls: [{ namespace: text, value: "1" }] })],
  ["systemControls", "is rejected", FREE, (text) => ({ systemControls: [{ namespace: text, value: "1" }] })],
  ["hostname", "is rejected", FREE, (text) => ({ hostname: text })],
  ["extraHosts", "is rejected", FREE, (text) => ({ extraHosts: { [text]: "10.0.0.2" } })],
  ["extraHosts", "is rejected", FREE, (text) => ({ extraHosts: { db: text } })],
  ["dnsServers", "is rejected", FREE, (text) => ({ dnsServers: [text] })],
  ["dnsSearchDomains", "is rejected", FREE, (text) => ({ dnsSearchDomains: [text] })],
  ["dockerLabels", "arrives", FREE, (text) => ({ dockerLabels: { team: text } })],
  ["dockerLabels", "arrives", URL, (text) => ({ dockerLabels: { [text]: "x" } })],
  ["dockerSecurityOptions", "arrives", `label:${URL}`, (text) => ({ dockerSecurityOptions: [text] })],
  ["dockerSecurityOptions", "is rejected", FREE, (text) => ({ dockerSecurityOptions: [text] })],
  ["credentialSpecs", "arrives", `credentialspec:${ARN}`, (text) => ({ credentialSpecs: [text] })],
  ["credentialSpecs", "is rejected", FREE, (text) => ({ credentialSpecs: [text] })],
  ["environmentFiles", "arrives", ARN, (text) => ({ environmentFiles: [`${text}.env`] })],
  ["environmentFiles", "is rejected", FREE, (text) => ({ environmentFiles: [`${text}.env`] })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.awsLogs({ multilinePattern: text }) })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.awsLogs({ datetimeFormat: text }) })],
  ["logging", "arrives", FREE.replaceAll(":", ""), (text) => ({ logging: LogDriver.awsLogs({ streamPrefix: text }) })],
  ["logging", "is rejected", FREE, (text) => ({ logging: LogDriver.awsLogs({ logGroup: text }) })],
  ["logging", "is rejected", FREE, (text) => ({ logging: LogDriver.awsLogs({ maxBufferSize: text }) })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.fireLens({ options: { Name: text } }) })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.fireLens({ options: { [text]: "x" } }) })],
  [
    "logging",
    "arrives",
    FREE,
    (text) => ({ logging: LogDriver.journald({ secretOptions: { [text]: Secret.fromSsmParameter("/a") } }) }),
  ],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.journald({ tag: text }) })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.journald({ labels: [text] }) })],
  ["logging", "arrives", FREE, (text) => ({ logging: LogDriver.fluentd({ address: text }) })],
  ["logging", "is rejected", FREE, (text) => ({ logging: LogDriver.gelf({ address: text }) })],
  ["logging", "arrives", `unix://${URL}`, (text) => ({ logging: LogDriver.syslog({ address: text }) })],
  ["logging", "is rejected", FREE, (text) => ({ logging: LogDriver.syslog({ address: text }) })],
  ["logging", "arrives", `https://a${URL}`, (text) => ({ logging: LogDriver.splunk(splunk(text)) })],
  ["logging", "is rejected", FREE, (text) => ({ logging: LogDriver.splunk(splunk(text)) })],
  [
    "repositoryCredentials",
    "is rejected",
    FREE,
    (text) => ({ repositoryCredentials: Secret.fromSecretsManager(text) }),
  ],
  ["containerOverrides", "arrives", FREE, (text) => ({ containerOverrides: { hostname: text } })],
  ["containerOverrides", "arrives", FREE, (text) => ({ containerOverrides: { dockerLabels: { [text]: "x" } } })],
  ["taskRole", "is rejected", FREE, (text) => ({ taskRole: text })],
  ["executionRole", "is rejected", FREE, (text) => ({ executionRole: text })],
  ["runtimePlatform", "is rejected", FREE, (text) => ({ runtimePlatform: { cpuArchitecture: text as "ARM64" } })],
  ["taskPlacementConstraints", "arrives", FREE, (text) => ({ taskPlacementConstraints: [text] })],
  ["taskDefinition", "is rejected", FREE, (text) => ({ taskDefinition: text as never })],
  ["tags", "is rejected", FREE, (text) => ({ tags: { [text]: "x" } })],
  ["tags", "is rejected", FREE, (text) => ({ tags: { Team: text } })],
  ["logRouter", "is rejected", FREE, (text) => ({ logRouter: { image: text } })],
  ["logRouter", "arrives", `/${FREE}`, (text) => router({ configFileType: "file", configFileValue: text })],
  ["logRouter", "arrives", ARN, (text) => router({ configFileType: "s3", configFileValue: text })],
  ["logRouter", "arrives", FREE, (text) => router({ environment: { PLAIN: text } })],
  ["loadBalancer", "is rejected", FREE, (text) => ({ ...ROUTED, loadBalancer: text })],
  ["volumesFrom", "is rejected", FREE, (text) => ({ volumesFrom: [{ sourceContainer: text }] })],
  ["listeners", "is rejected", FREE, (text) => ({ listeners: { [text]: { loadBalancer: "edge", port: 1 } } })],
  ["listeners", "is rejected", FREE, (text) => listening({ loadBalancer: text })],
  ["listeners", "is rejected", FREE, (text) => listening({ container: text })],
  ["listeners", "is rejected", FREE, (text) => listening({ protocol: "TLS", certificateArn: text })],
  ["listeners", "is rejected", FREE, (text) => listening({ protocol: "TLS", certificateArns: { [text]: ARN } })],
  ["listeners", "is rejected", FREE, (text) => listening({ allowFrom: { cidrs: [text] } })],
  ["listeners", "is rejected", FREE, (text) => listening({ allowFrom: { securityGroups: { [text]: "sg-0" } } })],
  ["listeners", "is rejected", FREE, (text) => listening({ healthCheck: { protocol: "HTTP", path: text } })],
  [
    "listeners",
    "is rejected",
    FREE,
    (text) => listening({ healthCheck: { protocol: "HTTP", healthyHttpCodes: text } }),
  ],
  ["headers", "arrives", ASCII, (text) => ({ containerPort: 80, priority: 14, headers: { "X-A": [text] } })],
  ["headers", "is rejected", FREE, (text) => ({ containerPort: 80, headers: { "X-A": [text] } })],
  ["headers", "is rejected", FREE, (text) => ({ containerPort: 80, headers: { [text]: ["a"] } })],
  ["methods", "is rejected", FREE, (text) => ({ ...ROUTED, methods: [text] })],
  [
    "queryStrings",
    "arrives",
    QUERY,
    (text) => ({ containerPort: 80, priority: 15, queryStrings: [{ key: "a", value: text }] }),
  ],
  [
    "queryStrings",
    "arrives",
    QUERY,
    (text) => ({ containerPort: 80, priority: 16, queryStrings: [{ key: text, value: "a" }] }),
  ],
  ["queryStrings", "is rejected", FREE, (text) => ({ containerPort: 80, queryStrings: [{ key: text, value: "a" }] })],
  ["queryStrings", "is rejected", FREE, (text) => ({ containerPort: 80, queryStrings: [{ value: text }] })],
  ["sourceIps", "is rejected", FREE, (text) => ({ ...ROUTED, sourceIps: [text] })],
  ["pathRegexes", "arrives", FREE, (text) => ({ containerPort: 80, priority: 11, pathRegexes: [text] })],
  ["hostRegexes", "arrives", FREE, (text) => ({ containerPort: 80, priority: 12, hostRegexes: [text] })],
  ["headerRegexes", "arrives", FREE, (text) => ({ containerPort: 80, priority: 13, headerRegexes: { "X-A": [text] } })],
  ["headerRegexes", "is rejected", FREE, (text) => ({ containerPort: 80, headerRegexes: { [text]: ["a"] } })],
  ["authenticateOidc", "arrives", FREE, (text) => oidc("/oidc1", { clientId: text })],
  ["authenticateOidc", "arrives", FREE, (text) => oidc("/oidc2", { scope: text })],
  ["authenticateOidc", "arrives", `https:/${URL}`, (text) => oidc("/oidc3", { issuer: text })],
  ["authenticateOidc", "arrives", FREE, (text) => oidc("/oidc4", { authenticationRequestExtraParams: { a: text } })],
  [
    "authenticateOidc",
    "arrives",
    FREE,
    (text) => oidc("/oidc5", { authenticationRequestExtraParams: { [text]: "a" } }),
  ],
  ["authenticateOidc", "is rejected", FREE, (text) => oidc("/oidc6", { tokenEndpoint: text })],
  ["authenticateOidc", "is rejected", FREE, (text) => oidc("/oidc7", { clientSecret: text })],
  ["authenticateOidc", "is rejected", FREE, (text) => oidc("/oidc8", { sessionCookieName: text })],
  ["authenticateCognito", "arrives", URL, (text) => cognito("/cognito1", { userPoolClientId: text })],
  ["authenticateCognito", "is rejected", FREE, (text) => cognito("/cognito2", { userPoolDomain: text })],
  ["authenticateCognito", "is rejected", FREE, (text) => cognito("/cognito3", { userPoolArn: text })],
  ["jwtValidation", "arrives", FREE, (text) => jwt("/jwt1", { issuer: text })],
  ["jwtValidation", "arrives", FREE, (text) => jwt("/jwt2", { additionalClaims: [claim(text, "a")] })],
  ["jwtValidation", "arrives", FREE, (text) => jwt("/jwt3", { additionalClaims: [claim("a", text)] })],
  ["jwtValidation", "is rejected", FREE, (text) => jwt("/jwt4", { jwksEndpoint: text })],
  ["urlRewrite", "arrives", FREE, (text) => ({ ...at("/url1"), urlRewrite: { regex: text, replace: "/" } })],
  ["urlRewrite", "arrives", FREE, (text) => ({ ...at("/url2"), urlRewrite: { regex: "^/", replace: text } })],
  [
    "hostHeaderRewrite",
    "arrives",
    FREE,
    (text) => ({ ...at("/host1"), hostHeaderRewrite: { regex: text, replace: "a" } }),
  ],
  [
    "hostHeaderRewrite",
    "arrives",
    FREE,
    (text) => ({ ...at("/host2"), hostHeaderRewrite: { regex: "a", replace: text } }),
  ],
];

const METRIC = { namespace: "AWS/SQS", metricName: "Visible" };

/** Returns a service whose number of tasks follows a metric. */
const tracking = (followed: object): Props => ({
  capacityGuards: false,
  scaling: { minCapacity: 0, maxCapacity: 1, targetTracking: { a: { targetValue: 1, ...followed } } },
});
const stepping = (followed: object): Props => ({
  capacityGuards: false,
  scaling: {
    minCapacity: 0,
    maxCapacity: 1,
    stepScaling: { a: { threshold: 1, stepAdjustments: [{ scalingAdjustment: 1 }], ...followed } },
  },
});

/**
 * Settings that are objects without free text, or constructs. `taskDefinitionOverrides` is Terraform's JSON, in which
 * Terraform evaluates a text.
 */
const NO_TEXT = [
  "cluster",
  "ecrRepository",
  "restartPolicy",
  "startAfter",
  "targetGroupHealth",
  "taskDefinitionOverrides",
];

/** Props that validate themselves, with the names in their errors. */
const IN_ERRORS: Readonly<Record<string, string>> = {
  secrets: "(parameter|secretArn)",
  repositoryCredentials: "secretArn",
  logging: "(logGroup|maxBufferSize|address|url)",
};

/** Returns true for a number, a boolean or a choice, which cannot be free text. */
const isWithoutText = ({ facts }: Schema) =>
  facts.kind === "number" || facts.kind === "boolean" || facts.type.startsWith("one of ");

const ROUTED: Props = { containerPort: 80, paths: ["/*"] };
const SHARED: Props = { volumes: { shared: { docker: "task" } } };
const volume = (a: TaskVolume): Props => ({ volumes: { a }, mountPoints: { "/a": "a" } });
const docker = (more: Partial<DockerVolume>) => volume({ docker: { scope: "shared", ...more } });
const tmpfs = (more: object) => ({ linuxParameters: { tmpfs: [{ containerPath: "/tmp", sizeMiB: 1, ...more }] } });
const splunk = (url: string) => ({ url, secretToken: Secret.fromSsmParameter("/a") });
const router = (logRouter: Props["logRouter"]): Props => ({
  logRouter: { image: "fluent/fluent-bit:3", ...logRouter },
});
const connected = (serviceConnect: object): Props => ({
  containerPort: 1,
  serviceConnect: { namespace: "a", ...serviceConnect },
});
const discovered = (more: object): Props => ({
  containerPort: 1,
  cloudMapOptions: {
    cloudMapNamespace: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-0123456789abcdef",
    ...more,
  },
});
const AUTHORITY = "arn:aws:acm-pca:ap-northeast-2:111122223333:certificate-authority/0f0e0d0c";
const allow = (action: string, resource: string) => ({ actions: [action], resources: [resource] });
const udp = (allowFrom: object) => ({ containerPort: 1, hostPort: 1, protocol: "udp", allowFrom }) as const;
const at = (path: string) => ({ containerPort: 80, paths: [path] });
const oidc = (path: string, more: Partial<Props["authenticateOidc"]>): Props => {
  const [issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint] = Array(4).fill("https://id.example.com/a");
  const client = { clientId: "a", clientSecret: hcl`"a"`.string };
  return {
    ...at(path),
    authenticateOidc: { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, ...client, ...more },
  };
};
const cognito = (path: string, more: Partial<Props["authenticateCognito"]>): Props => {
  const userPoolArn = "arn:aws:cognito-idp:ap-northeast-2:111122223333:userpool/ap-northeast-2_a";
  return { ...at(path), authenticateCognito: { userPoolArn, userPoolClientId: "a", userPoolDomain: "a", ...more } };
};
const jwt = (path: string, more: Partial<Props["jwtValidation"]>): Props => ({
  ...at(path),
  jwtValidation: { issuer: "a", jwksEndpoint: "https://id.example.com/a", ...more },
});
const shifted = (path: string, deployment: Props["deployment"]): Props => ({
  ...at(path),
  deployment: { strategy: "CANARY", allowInstanceTargets: true, ...deployment },
});
const hook = (path: string, more: object) => {
  const hookTargetArn = "arn:aws:lambda:ap-northeast-2:111122223333:function:a";
  return shifted(path, { lifecycleHooks: [{ hookTargetArn, lifecycleStages: ["POST_SCALE_UP"], ...more }] });
};
const claim = (name: string, value: string) => ({ name, format: "single-string" as const, values: [value] });
const memberOf = (expression: string) => ({ type: "memberOf", expression }) as const;
const secretOf = (kind: string, name: string) =>
  Secret.fromSsmParameter(`arn:aws:ssm:ap-northeast-2:000000000000:${kind}${name}`);

/** Returns every text inside a value, and inside JSON that is a text. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      const inner: unknown = JSON.parse(value);
      if (typeof inner === "object") return [value, ...textsIn(inner)];
    } catch {}
    return [value];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

describeTerraform("a service with hostile text in its settings", (lab) => {
  const create = (props: readonly Props[]) => {
    const stack = new EcsServiceStack(testApp(), "orders", { loadBalancer: true });
    props.forEach((one, index) => {
      new Ec2Service(stack, `s${index}`, { cluster: stack.cluster, image: "orders:1", desiredCount: 0, ...one });
    });
    return stack;
  };

  it("is tested for each setting that accepts text", () => {
    const settings = Object.entries<Schema>(ec2ServicePropsSchema.shape).filter(([, field]) => !isWithoutText(field));
    expect(settings.length).toBeGreaterThan(20);
    const known = new Set([...TEXTS.map(([setting]) => setting), ...NO_TEXT]);
    expect(settings.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(TEXTS.filter(([, outcome]) => outcome === "is rejected"))("%s %s, by name: %j", (setting, _, text, props) => {
    const problems = problemsOf(() => create([props(text)]));
    expect(problems).toContainEqual(expect.stringMatching(`^${IN_ERRORS[setting] ?? setting}\\b`));
  });

  it("passes on every character of the other texts to AWS, in its place", async () => {
    const arriving = TEXTS.filter(([, outcome]) => outcome === "arrives").map(([setting, , text, props], index) => ({
      setting,
      props,
      text: `${text}.${index}.`,
    }));
    const stack = create(arriving.map(({ text, props }) => props(text)));
    const configuration = synthesized(stack);
    const terraform = await lab.terraform({ configuration, fixtures: existingCluster() });
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    const { resources } = terraform.state();
    const found = [...new Set(textsIn(resources.map(({ values }) => values)))];
    const lost = arriving.filter(({ text }) => !found.some((one) => one.includes(text)));
    expect(lost.map(({ setting, text }) => [setting, text])).toEqual([]);
    // No text became a setting.
    const definitions = resources.flatMap(({ values }) => {
      const { container_definitions } = values as { container_definitions?: string };
      return container_definitions === undefined ? [] : (JSON.parse(container_definitions) as object[]);
    });
    expect(definitions.filter((one) => (one as { name: string }).name !== "log_router")).toHaveLength(arriving.length);
    expect(definitions.filter((one) => "privileged" in one)).toEqual([]);
  });
});
