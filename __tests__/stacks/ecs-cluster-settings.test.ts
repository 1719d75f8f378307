import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Lazy, Testing } from "cdktf";
import { AgentConfig, EcsClusterStack, hcl, ReadableStack, UserData } from "../../src";
import { USER_DATA_LIMIT_BYTES } from "../../src/instances/user-data";
import { clusterVariables, resolveClusterSettings } from "../../src/stacks/ecs-cluster-settings";
import { PUBLIC_KEY } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { testApp } from "../support/test-app";

Testing.setupJest();

const resolve = (settings: unknown = {}) => resolveClusterSettings(settings as never, "prod");
const problems = (settings: unknown) => problemsOf(() => resolve(settings));
const defaultOf = (settings: unknown, key: string) => clusterVariables(resolve(settings))[key]?.value;
const namesOf = (settings: unknown) => Object.values(clusterVariables(resolve(settings))).map(({ name }) => name);

describe("the settings of EcsClusterStack", () => {
  it("have these defaults", () => {
    const { portRange, capacities, ...settings } = resolve();
    expect(settings).toMatchObject({
      privateSubnets: false,
      customerKey: false,
      keyPair: "import",
      sessionManager: true,
      instancePolicy: "managed",
      instancePolicyArns: [],
      containerInsights: "enabled",
      alarms: false,
      dashboard: false,
      eventArchive: false,
      executeCommandLogging: true,
      serviceLinkedRole: false,
      loadBalancer: { https: false, idleTimeoutSeconds: 60, deletionProtection: false },
    });
    expect(settings.backend).toBeUndefined();
    expect(settings.defaultStrategy).toBeUndefined();
    expect(`${portRange}`).toBe("31000-61000");
    expect(capacities).toEqual([
      expect.objectContaining({
        name: "main",
        amiFamily: "amazon-linux-2023",
        spot: false,
        targetCapacity: 100,
        terminationProtection: false,
        detailedMonitoring: false,
      }),
    ]);
  });

  it("use the default where a setting is undefined", () => {
    const { capacities } = resolve({ spot: undefined, amiFamily: undefined });
    expect(capacities[0]).toMatchObject({ spot: false, amiFamily: "amazon-linux-2023" });
  });

  it("use the port range of the AMI family", () => {
    expect(`${resolve({ amiFamily: "bottlerocket" }).portRange}`).toBe("32768-65535");
    expect(`${resolve({ portRange: { from: 40_000, to: 50_000 } }).portRange}`).toBe("40000-50000");
  });

  it("have no load balancer with false, and its own defaults otherwise", () => {
    expect(resolve({ loadBalancer: false }).loadBalancer).toBe(false);
    expect(resolve({ loadBalancer: { https: true } }).loadBalancer).toMatchObject({
      https: true,
      redirectHttp: true,
      idleTimeoutSeconds: 60,
    });
  });

  it.each([[null], [5], ["x"], [[]]])("reject %j, which is no object", (settings) => {
    const fix = settings === null ? "Set it." : "Write it in braces: { name: value }.";
    expect(problems(settings)).toEqual([`settings must be an object; received ${JSON.stringify(settings)}. ${fix}`]);
  });

  it.each<[settings: unknown, problem: string]>([
    [{ sopt: true }, 'Unknown setting "sopt". Did you mean "spot"?'],
    [{ minSize: 2 }, 'Unknown setting "minSize". Write it as values.minSize.'],
    [{ https: true }, 'Unknown setting "https". Write it as loadBalancer.https.'],
    [{ values: { spot: true } }, 'Unknown setting "values.spot". Write it as spot.'],
    [{ values: { nme: "x" } }, 'Unknown setting "values.nme". Did you mean "name"?'],
    [
      { keyPair: "exsting" },
      'keyPair must be one of "import", "existing", "none"; received "exsting". Choose one of these.',
    ],
    [
      { portRange: { from: 1000, to: 61_000 } },
      "portRange.from must be a whole number from 1024 to 65535; received 1000. Ports below 1024 belong to the system. For example 31000 to 61000.",
    ],
    [
      { instancePolicyArns: ["AdministratorAccess"] },
      'instancePolicyArns[0] must be the ARN of an IAM policy; received "AdministratorAccess". List the policies: aws iam list-policies --query Policies[].Arn',
    ],
    [
      { loadBalancer: { accessLogs: { bucket: "My_Logs" } } },
      'loadBalancer.accessLogs.bucket must be the name of an S3 bucket; received "My_Logs". Use 3 to 63 lower-case letters, digits, dots and hyphens.',
    ],
    [{ backend: {} }, "backend.local must be set, or s3; received nothing. Set one of the two."],
    [
      { backend: { local: "/home/me/terraform.tfstate" } },
      'backend.local must be relative; received "/home/me/terraform.tfstate". Write a path from the folder where Terraform runs, cdktf.out/stacks/<stack id>. An absolute path fits only one machine.',
    ],
    [
      { backend: { local: "${var.path}" } },
      'backend.local must be text without $ and %; received "${var.path}". Write plain text. Terraform evaluates no expressions in a backend.',
    ],
    [{ backend: { s3: { bucket: "states" } } }, "backend.s3.region must be a string; received nothing. Set it."],
    [
      { backend: { s3: { bucket: "states", region: "seoul" } } },
      'backend.s3.region must be the code of an AWS region; received "seoul". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
    ],
    [
      { amiFamily: "bottlerocket", bottlerocket: { adminContainer: false } },
      'bottlerocket.adminContainer must be true with a key pair; received false. SSH connects to the admin container. Set keyPair to "none", or remove it.',
    ],
    [
      {
        amiFamily: "bottlerocket",
        bottlerocket: { settings: { "host-containers": { control: { enabled: false } } } },
      },
      "bottlerocket.settings.host-containers.control.enabled must be true with sessionManager; received false. Session Manager connects to the control container. Set sessionManager to false, or remove it.",
    ],
    [
      { agent: { variables: { ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE: "false" } } },
      'agent.variables.ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE must be true, because services need it; received "false". Remove it. Otherwise ECS places no task of a service that has an execution role or a task role.',
    ],
  ])("reject %j", (settings, problem) => {
    expect(problems(settings)).toEqual([problem]);
  });

  it("reject user data above 16 KiB, with the longest name that a cluster can have", () => {
    const agentConfig = new AgentConfig({ clusterName: "x".repeat(24) });
    const room = USER_DATA_LIMIT_BYTES - Buffer.byteLength(new UserData({ agentConfig }).template) - 1;
    expect(problems({ extraUserData: ["x".repeat(room)] })).toEqual([]);
    expect(problems({ extraUserData: ["x".repeat(room + 1)] })).toEqual([
      expect.stringMatching(/^extraUserData must .*16384 bytes.*; received .*/),
    ]);
  });

  it("report every problem at once, and each at its own path", () => {
    const settings = {
      sopt: true,
      values: { region: "seoul", tags: { "aws:x": "y" } },
      portRange: { from: 80, to: 443 },
      agent: { logLevel: "loud" },
      loadBalancer: { htps: true },
      backend: { local: "/abs" },
      capacityProviders: {
        "ARM-1": {},
        x86: null,
        arm: {
          sopt: true,
          amiFamily: "bottlerockt",
          targetCapacity: 0,
          volumes: { a: { sizeGib: 10 }, b: { sizeGib: 10, mountPath: "b" } },
          values: { minSize: 5, maxSize: 3 },
        },
      },
      defaultStrategy: [{ capacityProvider: "x86", weight: 2000 }],
    };
    const paths = problems(settings).map((problem) => /^(?:Unknown setting "([^"]+)"|(\S+) )/.exec(problem));
    expect(paths.map((path) => path?.[1] ?? path?.[2]).sort()).toEqual([
      "agent.logLevel",
      "backend.local",
      "capacityProviders.ARM-1",
      "capacityProviders.arm.amiFamily",
      "capacityProviders.arm.sopt",
      "capacityProviders.arm.targetCapacity",
      "capacityProviders.arm.values.maxSize",
      "capacityProviders.arm.volumes.a.mountPath",
      "capacityProviders.arm.volumes.b.mountPath",
      "capacityProviders.x86",
      "defaultStrategy[0].weight",
      "loadBalancer.htps",
      "portRange.from",
      "portRange.to",
      "sopt",
      "values.region",
      "values.tags",
    ]);
  });

  it.each([
    [
      { loadBalancer: { https: "yes" }, values: { certificateArn: "arn" } },
      ["loadBalancer.https", "values.certificateArn"],
    ],
    [{ keyPair: "exsting", values: { keyName: "me" } }, ["keyPair"]],
    [{ amiFamily: "bottlerockt", values: { amiVersion: "1.49.0" } }, ["amiFamily"]],
  ])("blame no value for a wrong setting that it needs: %j", (settings, paths) => {
    expect(problems(settings).map((problem) => problem.split(" ")[0])).toEqual(expect.arrayContaining(paths));
    expect(problems(settings).join()).not.toContain("be used with");
  });
});

describe("the values of EcsClusterStack", () => {
  it("are the defaults of their variables", () => {
    const settings = { values: { region: "eu-west-1", minSize: 0, sshPublicKey: PUBLIC_KEY, tags: { team: "web" } } };
    const defaults = ["region", "minSize", "sshPublicKey", "tags", "maxSize"].map((key) => defaultOf(settings, key));
    expect(defaults).toEqual(["eu-west-1", 0, PUBLIC_KEY, { team: "web" }, 2]);
  });

  it.each([
    [{}, [], ["key_name", "certificate_arn", "web_acl_arn", "vpc_id", "subnet_ids", "alarm_topic_arn"]],
    [{ keyPair: "existing" }, ["key_name", "ssh_cidrs"], ["ssh_public_key"]],
    [{ keyPair: "none" }, [], ["ssh_public_key", "key_name", "ssh_cidrs"]],
    [{ loadBalancer: false }, [], ["http_cidrs", "certificate_arn"]],
    [{ loadBalancer: { https: true } }, ["certificate_arn"], []],
    [{ loadBalancer: { webAcl: "existing" } }, ["web_acl_arn"], []],
    [{ vpcId: "vpc-12345678" }, ["vpc_id", "subnet_ids"], []],
    [{ privateSubnets: true }, ["private_subnet_ids"], []],
    [{ extraSecurityGroups: true }, ["extra_security_group_ids"], []],
    [{ customerKey: "existing" }, ["customer_key_arn"], ["instance_profile_arn", "instance_security_group_id"]],
    [{ instanceProfile: "existing" }, ["instance_profile_arn"], ["customer_key_arn"]],
    [{ instanceSecurityGroup: "existing" }, ["instance_security_group_id"], ["customer_key_arn"]],
    [{ alarms: true }, ["alarm_topic_arn", "alarm_reservation_percent", "alarm_server_errors"], []],
    [{ capacityProviders: { arm: {} } }, ["arm_instance_types", "arm_min_size"], ["instance_types", "min_size"]],
  ])("have a variable where the settings need one: %j", (settings, present, absent) => {
    const names = namesOf(settings);
    expect(names).toEqual(expect.arrayContaining(present));
    expect(names.filter((name) => (absent as readonly string[]).includes(name))).toEqual([]);
  });

  it("declare the variables of the default app in this order", () => {
    expect(namesOf({})).toEqual([
      ...["region", "name", "instance_types", "min_size", "max_size", "desired_size", "ssh_public_key", "ssh_cidrs"],
      ...["http_cidrs", "root_volume_gib", "ami_version", "log_retention_days", "tags"],
    ]);
  });

  it.each<[values: unknown, problem: string]>([
    [
      { region: undefined },
      "values.region must be set; received undefined. Remove it for the default, or set the variable that it comes from.",
    ],
    [{ region: 5 }, "values.region must be a string; received 5. Write it in quotes."],
    [{ minSize: "2" }, 'values.minSize must be a number; received "2". Write it without quotes.'],
    [{ minSize: 3n }, "values.minSize must be a number; received 3n. Write it without quotes."],
    [{ name: null }, "values.name must be a string; received null. Set it."],
    [
      { sshCidrs: "10.0.0.0/8" },
      'values.sshCidrs must be a list; received "10.0.0.0/8". Write it in brackets: [first, second].',
    ],
    [{ tags: { a: 5 } }, "values.tags.a must be a string; received 5. Write it in quotes."],
    [
      { name: "x" },
      'values.name must be 3 to 24 characters long; received "x". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      { name: "my_web" },
      'values.name must contain only letters, digits and hyphens, and neither start nor end with a hyphen; received "my_web". AWS rejects other names of load balancers.',
    ],
    [
      { name: "internal-web" },
      'values.name must not be internal or sg, nor start with internal- or sg-; received "internal-web". The load balancer\'s name is <name>-alb, and AWS reserves these prefixes. Choose another name.',
    ],
    [
      { logRetentionDays: 10 },
      "values.logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 10. CloudWatch Logs accepts only these numbers of days.",
    ],
    [
      { minSize: 3 },
      'values.maxSize must be at least min_size; received {"max_size": 2, "min_size": 3}. Raise it, or lower min_size.',
    ],
    [
      { desiredSize: 3 },
      'values.desiredSize must be at most max_size; received {"desired_size": 3, "max_size": 2}. Lower it, or raise max_size.',
    ],
    [
      { tags: { "aws:x": "y" } },
      'values.tags must have no key that starts with aws:; received ["aws:x"]. AWS reserves this prefix. Rename these keys.',
    ],
    [
      { tags: { "a!": "y" } },
      'values.tags must have keys with only letters, digits, spaces and _ . : / = + - @; received ["a!"]. Rename these keys.',
    ],
    [
      { tags: { a: "y!" } },
      'values.tags must have values with only letters, digits, spaces and _ . : / = + - @; received ["y!"]. Rewrite these values.',
    ],
    [
      { tags: { name: "a" } },
      'values.tags must have no keys that differ only in case from each other, or from AmazonECSManaged, Cluster, Name, Purpose of this stack; received ["name"]. Rename one of each pair. IAM ignores the case of keys.',
    ],
    [
      { sshPublicKey: 5 },
      "values.sshPublicKey must be a string; received a value that is not shown. Write it in quotes.",
    ],
  ])("obey the rules of their variables: %j", (values, problem) => {
    expect(problems({ values })).toEqual([problem]);
  });

  it("can be null for the desired size", () => {
    expect(problems({ values: { desiredSize: null } })).toEqual([]);
  });

  it("show no part of a private key with any name", () => {
    const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`;
    const all = [
      problems({ values: { sshPublicKey: key } }),
      problems({ values: { sshPublickey: key } }),
      problems({ values: { sshPublicKey: key }, keyPair: "none" }),
      problems({ values: { sshCidrs: key } }),
      problems({ values: { sshPublicKey: "hunter2" } }),
    ];
    expect(all.map(([problem]) => problem?.slice(0, 75))).toEqual([
      "values.sshPublicKey must not be a private key; received a value that is not",
      'Unknown setting "values.sshPublickey". Did you mean "sshPublicKey"?',
      expect.stringMatching(/^values\.sshPublicKey must not be a private key/),
      "values.sshCidrs must be a list; received a private key, which is not shown.",
      "values.sshPublicKey must be one line of OpenSSH text, ssh-ed25519 or ssh-rs",
    ]);
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${secret}|hunter2`));
  });

  it.each([
    [{ certificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/0a" }, {}, "loadBalancer.https"],
    [
      { webAclArn: "arn:aws:wafv2:ap-northeast-2:123456789012:regional/webacl/a/0a" },
      {},
      'loadBalancer.webAcl "existing"',
    ],
    [{ httpCidrs: [] }, { loadBalancer: false }, "loadBalancer"],
    [
      { certificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/0a" },
      { loadBalancer: false },
      "loadBalancer.https",
    ],
    [{ keyName: "me" }, {}, 'keyPair "existing"'],
    [{ sshPublicKey: PUBLIC_KEY }, { keyPair: "existing" }, 'keyPair "import"'],
    [{ sshCidrs: [] }, { keyPair: "none" }, 'keyPair "import" or "existing"'],
    [{ subnetIds: ["subnet-12345678"] }, {}, "vpcId"],
    [{ privateSubnetIds: ["subnet-12345678"] }, {}, "privateSubnets"],
    [{ extraSecurityGroupIds: ["sg-12345678"] }, {}, "extraSecurityGroups"],
    [{ alarmServerErrors: 5 }, {}, "alarms"],
    [
      { customerKeyArn: "arn:aws:kms:ap-northeast-2:111122223333:key/a" },
      { customerKey: true },
      'customerKey "existing"',
    ],
    [
      { instanceProfileArn: "arn:aws:iam::111122223333:instance-profile/a" },
      { instanceProfile: "managed" },
      'instanceProfile "existing"',
    ],
    [{ instanceSecurityGroupId: "sg-12345678" }, {}, 'instanceSecurityGroup "existing"'],
  ] as const)("need their setting: %j with %j", (values, settings, needs) => {
    const [problem, ...others] = problems({ ...settings, values });
    expect(others).toEqual([]);
    expect(problem).toContain(` must be used with ${needs}; received `);
    expect(problem).toMatch(new RegExp(`\\. Set ${needs} too, or remove values\\.${Object.keys(values)[0]}\\.$`));
  });

  it("can be a certificate in the stack itself, with Lazy", () => {
    const certificateArn = Lazy.stringValue({ produce: () => certificate.arn });
    const stack = new EcsClusterStack(testApp(), "prod", { loadBalancer: { https: true }, values: { certificateArn } });
    const certificate = new AcmCertificate(stack, "certificate", { domainName: "example.com" });
    const json = Testing.synth(stack, true);
    expect(json).toHaveResourceWithProperties(LbListener, {
      certificate_arn: "${aws_acm_certificate.certificate.arn}",
    });
    expect(Object.keys(JSON.parse(json).variable)).not.toContain("certificate_arn");
  });

  it("can be references to resources of another stack, which replace their variables", () => {
    const app = testApp();
    const other = new ReadableStack(app, "shared");
    new AwsProvider(other, "aws", { region: "eu-west-1" });
    const certificate = new AcmCertificate(other, "certificate", { domainName: "example.com" });
    const group = new SecurityGroup(other, "databases", {});
    const topic = new SnsTopic(other, "alarms");
    const key = new KeyPair(other, "key", { publicKey: PUBLIC_KEY });
    const stack = new EcsClusterStack(app, "prod", {
      loadBalancer: { https: true },
      alarms: true,
      extraSecurityGroups: true,
      keyPair: "existing",
      values: {
        certificateArn: certificate.arn,
        alarmTopicArn: topic.arn,
        extraSecurityGroupIds: [group.id],
        keyName: key.keyName,
      },
    });
    stack.prepareStack();
    const json = Testing.synth(stack, true);
    const remote = (output: string) => expect.stringMatching(new RegExp(`data.terraform_remote_state.*${output}`));
    expect(Object.keys(JSON.parse(json).variable)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/certificate_arn|alarm_topic_arn|extra_security_group_ids|key_name/),
      ]),
    );
    expect(json).toHaveResourceWithProperties(LbListener, { certificate_arn: remote("certificate") });
    expect(json).toHaveResourceWithProperties(LaunchTemplate, { key_name: remote("key") });
    expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, { arn: remote("alarms") });
  });

  it("reject tokens where a variable's default is literal text, and say why", () => {
    const token = hcl`aws_vpc.other.id`.string;
    expect(problems({ values: { name: token, tags: { a: token } } })).toEqual([
      "values.name must be known when the code runs; received a token. It is the default of a Terraform variable, which cannot refer to anything. Write the value itself, or give it at plan.",
      "values.tags must be known when the code runs; received a token inside. It is the default of a Terraform variable, which cannot refer to anything. Write the value itself, or give it at plan.",
    ]);
  });

  it("compare a certificate with the region", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0a";
    const https = { loadBalancer: { https: true } };
    expect(problems({ ...https, values: { region: "eu-west-1", certificateArn } })).toEqual([
      `values.certificateArn must be the ARN of a certificate in the cluster's region; received "${certificateArn}". A load balancer uses certificates of its own region only. Request one there.`,
    ]);
    expect(problems({ ...https, values: { region: "us-east-1", certificateArn } })).toEqual([]);
  });

  it("obey the rules of another VPC under the setting's own name", () => {
    expect(problems({ vpcId: "default" })).toEqual([
      expect.stringMatching(/^vpcId must be the id of a VPC; received "default"\. /),
    ]);
  });
});
