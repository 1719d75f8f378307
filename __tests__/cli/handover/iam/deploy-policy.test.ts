import { type Json, readConfiguration } from "../../../../cli/handover/terraform-json/configuration";
import { portable } from "../../../../cli/handover/terraform-json/portable";
import { Ec2Service, EcsServiceStack } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { EXAMPLES, synthesizeApp } from "../../../support/examples";
import { stackJson } from "../../../support/handover";
import { actionsOf, statementNamed, statementsOf } from "../../../support/iam-policy";
import { synthesized } from "../../../support/synthesized";
import { testApp } from "../../../support/test-app";

const ofStack = (name: string) => statementsOf(stackJson(name) as Json);
/** What Terraform appends to a prefix. */
const GENERATED = `20${"?".repeat(24)}`;

describe("the deploy policy", () => {
  it.each(EXAMPLES)("knows all types in the example %s", (name) => {
    for (const json of Object.values(synthesizeApp(`examples/${name}.ts`))) {
      expect(statementsOf(json as Json).length).toBeGreaterThan(3);
      expect(() => portable(readConfiguration(json as Json))).not.toThrow();
    }
  });

  it("allows changes of a warm pool only if the group has one", () => {
    const [json] = Object.values(synthesizeApp("examples/scaling.ts"));
    const pool = ["autoscaling:PutWarmPool", "autoscaling:DeleteWarmPool"];
    expect(statementNamed(statementsOf(json as Json), "AutoScalingGroup").Action).toEqual(expect.arrayContaining(pool));
    expect(actionsOf(ofStack("ecs")).filter((action) => pool.includes(action))).toEqual([]);
  });

  it("allows to change the schedules, groups and queues of the stack, and to pass only the roles of schedules", () => {
    const statements = ofStack("jobs");
    expect(statementNamed(statements, "Schedules").Resource).toEqual([
      "arn:PARTITION:scheduler:REGION:ACCOUNT_ID:schedule/NAME-nightly/NAME-nightly",
    ]);
    expect(statementNamed(statements, "ScheduleGroups").Resource).toEqual([
      "arn:PARTITION:scheduler:REGION:ACCOUNT_ID:schedule-group/NAME-nightly",
    ]);
    expect(statementNamed(statements, "Queues").Resource).toEqual([
      "arn:PARTITION:sqs:REGION:ACCOUNT_ID:NAME-nightly-dead-letters",
    ]);
    const pass = statementNamed(statements, "PassSchedulerRoles");
    expect(pass.Resource).toEqual([`arn:PARTITION:iam::ACCOUNT_ID:role/NAME-nightly-sched-${GENERATED}`]);
    expect(pass.Condition).toEqual({ StringEquals: { "iam:PassedToService": ["scheduler.amazonaws.com"] } });
    const { Action } = statementNamed(statements, "Schedules");
    expect(Action).toEqual(expect.arrayContaining(["scheduler:CreateSchedule", "scheduler:UpdateSchedule"]));
  });

  it("allows load balancers of each type by their names, and Elastic IP addresses with the tag of the cluster", () => {
    const stack = clusterStack({ networkLoadBalancers: { edge: { staticAddresses: "managed" } } });
    const tls = { loadBalancer: "edge", port: 443, protocol: "TLS", certificateArns: {} } as const;
    new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, paths: ["/*"], listeners: { tls } });
    const statements = statementsOf(synthesized(stack) as Json);
    const elb = "arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT_ID";
    expect(statementNamed(statements, "LoadBalancer").Resource).toEqual([
      `${elb}:loadbalancer/app/NAME-alb/*`,
      `${elb}:loadbalancer/net/NAME-edge-nlb/*`,
    ]);
    expect(statementNamed(statements, "Listeners").Resource).toEqual([
      `${elb}:listener/app/NAME-alb/*`,
      `${elb}:listener/net/NAME-edge-nlb/*`,
    ]);
    expect(statementNamed(statements, "ListenerRules").Resource).toEqual([`${elb}:listener-rule/app/NAME-alb/*`]);
    expect(statementNamed(statements, "Ec2Create").Resource).toContain(
      "arn:PARTITION:ec2:REGION:ACCOUNT_ID:elastic-ip/*",
    );
  });

  it("allows a listener on a Network Load Balancer of another state", () => {
    const stack = new EcsServiceStack(testApp(), "team", { loadBalancer: false, networkLoadBalancers: ["edge"] });
    const listeners = { tcp: { loadBalancer: "edge", port: 443 } };
    new Ec2Service(stack, "web", { cluster: stack.cluster, containerPort: 80, listeners });
    const elb = "arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT_ID";
    const statements = statementsOf(synthesized(stack) as Json);
    expect(statementNamed(statements, "LoadBalancer").Resource).toEqual([`${elb}:loadbalancer/net/*/*`]);
    expect(statementNamed(statements, "Listeners").Resource).toEqual([`${elb}:listener/net/*/*`]);
  });

  it("allows passing the role of EBS volumes only to ECS, and only if a service has such volumes", () => {
    const stack = clusterStack();
    const volumes = { data: { ebs: { sizeGib: 20 } } };
    new Ec2Service(stack, "web", { cluster: stack, volumes, mountPoints: { "/data": "data" } });
    expect(statementNamed(statementsOf(synthesized(stack) as Json), "PassVolumeRoles")).toEqual({
      Sid: "PassVolumeRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [`arn:PARTITION:iam::ACCOUNT_ID:role/NAME-web-vols-${GENERATED}`],
      Condition: { StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com"] } },
    });
    expect(ofStack("microservices").map(({ Sid }) => Sid)).not.toContain("PassVolumeRoles");
    // Nobody can attach another policy of AWS, such as AdministratorAccess.
    const policies = statementNamed(statementsOf(synthesized(stack) as Json), "AttachPolicies").Condition?.ArnLike?.[
      "iam:PolicyARN"
    ];
    expect(policies).toContain(
      "arn:PARTITION:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes",
    );
    expect(policies).not.toContain("*");
  });

  it("allows passing the role of certificates only to ECS, and only if Service Connect has certificates", () => {
    const stack = clusterStack();
    const awsPcaAuthorityArn = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0f0e0d0c";
    const serviceConnect = { namespace: "internal", tls: { awsPcaAuthorityArn } };
    new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, serviceConnect });
    expect(statementNamed(statementsOf(synthesized(stack) as Json), "PassTlsRoles")).toEqual({
      Sid: "PassTlsRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [`arn:PARTITION:iam::ACCOUNT_ID:role/NAME-web-tls-${GENERATED}`],
      Condition: { StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com"] } },
    });
    const other = clusterStack();
    new Ec2Service(other, "web", { cluster: other, serviceConnect: { namespace: "internal" } });
    expect(statementsOf(synthesized(other) as Json).map(({ Sid }) => Sid)).not.toContain("PassTlsRoles");
  });

  it("allows passing the roles of a deployment strategy only to ECS", () => {
    const stack = clusterStack();
    const hook = {
      hookTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:test",
      lifecycleStages: ["POST_SCALE_UP"],
    } as const;
    const strategy = { strategy: "BLUE_GREEN", lifecycleHooks: [hook] } as const;
    const web = { cluster: stack, containerPort: 80, networkMode: "awsvpc" } as const;
    new Ec2Service(stack, "web", { ...web, paths: ["/*"], deployment: strategy });
    const infrastructureRole = "arn:aws:iam::111122223333:role/team/elb";
    new Ec2Service(stack, "api", { ...web, paths: ["/api"], deployment: { strategy: "LINEAR", infrastructureRole } });
    const statements = statementsOf(synthesized(stack) as Json);
    expect(statementNamed(statements, "PassDeploymentRoles")).toMatchObject({
      Resource: [
        `arn:PARTITION:iam::ACCOUNT_ID:role/NAME-web-elb-${GENERATED}`,
        `arn:PARTITION:iam::ACCOUNT_ID:role/NAME-web-hook-${GENERATED}`,
        "arn:PARTITION:iam::ACCOUNT_ID:role/team/elb",
      ],
      Condition: { StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com"] } },
    });
    expect(statementNamed(statements, "AttachPolicies").Condition?.ArnLike?.["iam:PolicyARN"]).toContain(
      "arn:PARTITION:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
    );
    expect(ofStack("microservices").map(({ Sid }) => Sid)).not.toContain("PassDeploymentRoles");
  });

  it("allows creating the hosted zone of a namespace, and records only in namespaces of the stack", () => {
    const namespace = { name: "shop.internal", type: "DNS_PRIVATE" } as const;
    const stack = clusterStack({ keyPair: "none", defaultCloudMapNamespace: namespace });
    new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, cloudMapOptions: {} });
    const statements = statementsOf(synthesized(stack) as Json);
    expect(statementNamed(statements, "NamespaceZones").Action).toContain("route53:CreateHostedZone");
    expect(statementNamed(statements, "DiscoveryServices")).toMatchObject({
      Resource: ["arn:PARTITION:servicediscovery:REGION:ACCOUNT_ID:service/*"],
      Condition: expect.anything(),
    });
    expect(actionsOf(ofStack("microservices"))).not.toContain("servicediscovery:CreatePrivateDnsNamespace");
  });

  it.each(["${each.value}", "${data.x.y.arn}", "arn:aws:iam::aws:policy/${local.name}", "arn:aws:iam::aws:policy/A*"])(
    "stops on the policy %s, because a wildcard could match AdministratorAccess",
    (policy_arn) => {
      const json = { resource: { aws_iam_role_policy_attachment: { own: { role: "web", policy_arn } } } };
      expect(() => statementsOf(json)).toThrow(
        "The hand-over cannot read the ARN of the policy that aws_iam_role_policy_attachment.own attaches, so the deploy policy would " +
          "allow other policies too. Write the ARN as text, or pass it as a variable.",
      );
    },
  );

  it("allows attaching a policy of the stack, and one whose ARN is a variable", () => {
    const statements = statementsOf({
      resource: {
        aws_iam_role: { web: { name: "web" } },
        aws_iam_policy: { own: { name: "${var.name}-read" } },
        aws_iam_role_policy_attachment: {
          own: { role: "${aws_iam_role.web.name}", policy_arn: "${aws_iam_policy.own.arn}" },
          other: { role: "${aws_iam_role.web.name}", policy_arn: "${var.policy_arn}" },
        },
      },
    });
    expect(statementNamed(statements, "AttachPolicies").Condition?.ArnLike).toEqual({
      "iam:PolicyARN": ["POLICY_ARN", "arn:PARTITION:iam::ACCOUNT_ID:policy/NAME-read"],
    });
  });

  it("allows certificates only for the names and with the tag of the stack, and only the types of its records in its zone", () => {
    const statements = ofStack("domain");
    const certificates = ["arn:PARTITION:acm:REGION:ACCOUNT_ID:certificate/*"];
    expect(statementNamed(statements, "RequestCertificates")).toMatchObject({
      Action: ["acm:RequestCertificate"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "aws:RequestedRegion": ["REGION"], "acm:ValidationMethod": ["DNS"] },
        "ForAllValues:StringLike": { "acm:DomainNames": ["ZONE_NAME", "*.ZONE_NAME"] },
      },
    });
    expect(statementNamed(statements, "CertificateChange")).toMatchObject({
      Resource: certificates,
      Condition: { StringEquals: { "aws:ResourceTag/Cluster": ["NAME"] } },
    });
    expect(statementNamed(statements, "CertificateTagNew")).toMatchObject({
      Action: ["acm:AddTagsToCertificate"],
      Resource: certificates,
      Condition: {
        StringEquals: { "aws:RequestTag/Cluster": ["NAME"] },
        Null: { "aws:ResourceTag/Cluster": ["true"] },
      },
    });
    expect(statementNamed(statements, "Certificates")).toMatchObject({
      Action: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
      Resource: certificates,
    });
    expect(statementNamed(statements, "DnsRecords")).toMatchObject({
      Action: ["route53:ChangeResourceRecordSets"],
      Resource: ["arn:PARTITION:route53:::hostedzone/ZONE_ID"],
      Condition: { "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"] } },
    });
    expect(statementNamed(statements, "DnsZones").Resource).toEqual(["arn:PARTITION:route53:::hostedzone/ZONE_ID"]);
    expect(statementNamed(statements, "HostedZones").Action).toEqual(["route53:ListHostedZones"]);
  });

  it("has the zone of each load balancer, IPv6 records with dualStack, and the zones that other records name", () => {
    const domain = { domain: true, dualStack: true };
    const stack = clusterStack({ loadBalancer: domain, loadBalancers: { inside: { ...domain, internal: true } } });
    const { resource, ...json } = synthesized(stack) as { resource: { aws_route53_record: object } };
    const own = { name: "a", type: "TXT", zone_id: "Z0123456789" };
    const records = { ...resource.aws_route53_record, own };
    const statements = statementsOf({ ...json, resource: { ...resource, aws_route53_record: records } } as Json);
    const zone = (id: string) => `arn:PARTITION:route53:::hostedzone/${id}`;
    const { Resource, Condition } = statementNamed(statements, "DnsRecords");
    expect(Resource).toEqual(["INSIDE_ZONE_ID", "Z0123456789", "ZONE_ID"].map(zone));
    expect(Condition?.["ForAllValues:StringEquals"]).toEqual({
      "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"],
    });
  });

  it("requests a certificate without a zone with no condition on its names", () => {
    const statements = statementsOf({ resource: { aws_acm_certificate: { own: { domain_name: "a.io" } } } });
    expect(Object.keys(statementNamed(statements, "RequestCertificates").Condition ?? {})).toEqual(["StringEquals"]);
  });

  it("allows reading only the client secrets of listener rules, and no public parameters for them", () => {
    const statements = statementsOf({
      resource: { aws_ssm_parameter: { own: { name: "/${var.name}/oidc" } } },
      data: {
        aws_secretsmanager_secret_version: {
          a: { secret_id: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/oidc-AbCdEf" },
        },
        aws_ssm_parameter: {
          b: { name: "/shop/oidc" },
          c: { name: "arn:aws:ssm:eu-west-1:111122223333:parameter/team/oidc" },
          d: { name: "${aws_ssm_parameter.own.name}" },
          image: { name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id" },
        },
      },
    });
    expect(statementNamed(statements, "ReadSecrets")).toMatchObject({
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["arn:PARTITION:secretsmanager:eu-west-1:111122223333:secret:shop/oidc-AbCdEf"],
    });
    expect(statementNamed(statements, "ReadParameters")).toMatchObject({
      Action: ["ssm:GetParameter"],
      Resource: [
        "arn:PARTITION:ssm:REGION:ACCOUNT_ID:parameter/NAME/oidc",
        "arn:PARTITION:ssm:REGION:ACCOUNT_ID:parameter/shop/oidc",
        "arn:PARTITION:ssm:eu-west-1:111122223333:parameter/team/oidc",
      ],
    });
    expect(ofStack("ecs").map(({ Sid }) => Sid)).not.toContain("ReadParameters");
  });

  it("allows changing only the secrets, parameters and buckets of the stack", () => {
    const statements = statementsOf({
      resource: {
        aws_secretsmanager_secret: { db: { name: "${var.name}/db" }, generated: {} },
        aws_secretsmanager_secret_version: {
          db: { secret_id: "${aws_secretsmanager_secret.db.id}", secret_string: "${var.db}" },
        },
        aws_ssm_parameter: { url: { name: "/${var.name}/url" } },
        aws_s3_bucket: { files: { bucket: "${var.name}-files" } },
        aws_s3_object: { env: { bucket: "${aws_s3_bucket.files.bucket}", key: "env" } },
      },
    });
    const on = (name: string) => statementNamed(statements, name).Resource;
    expect(on("Secrets")).toEqual([
      "arn:PARTITION:secretsmanager:REGION:ACCOUNT_ID:secret:NAME/db-??????",
      `arn:PARTITION:secretsmanager:REGION:ACCOUNT_ID:secret:terraform-${GENERATED}-??????`,
    ]);
    expect(on("SecretValues")).toEqual(["arn:PARTITION:secretsmanager:REGION:ACCOUNT_ID:secret:NAME/db-??????"]);
    expect(on("Parameters")).toEqual(["arn:PARTITION:ssm:REGION:ACCOUNT_ID:parameter/NAME/url"]);
    expect(on("Buckets")).toEqual(["arn:PARTITION:s3:::NAME-files"]);
    expect(on("Objects")).toEqual(["arn:PARTITION:s3:::NAME-files/*"]);
    const unknown = { resource: { aws_s3_object: { env: { bucket: "${data.x.y.z}" } } } };
    expect(() => statementsOf(unknown)).toThrow(
      "The hand-over cannot read the name of the bucket of aws_s3_object.env, so the deploy policy would allow all buckets.",
    );
  });

  it("allows reading the versions of only the secrets that it knows", () => {
    const resourceOf = (secret_id: string) =>
      statementNamed(
        statementsOf({ data: { aws_secretsmanager_secret_versions: { own: { secret_id } } } }),
        "SecretVersions",
      ).Resource;
    const secret = "eu-west-1:111122223333:secret:prod/db-AbCdEf";
    expect(resourceOf(`arn:aws:secretsmanager:${secret}`)).toEqual([`arn:PARTITION:secretsmanager:${secret}`]);
    expect(resourceOf("prod/db")).toEqual(["arn:PARTITION:secretsmanager:REGION:ACCOUNT_ID:secret:prod/db-??????"]);
    expect(resourceOf("${var.secret}")).toEqual(["arn:PARTITION:secretsmanager:*:*:secret:*"]);
  });

  it("allows reading the client of a user pool only for a rule that authenticates with it", () => {
    const ruleWith = (...pools: string[]) => ({
      resource: {
        aws_lb_listener_rule: {
          web: {
            listener_arn: "${var.listener_arn}",
            action: pools.map((pool) => ({ authenticate_cognito: { user_pool_arn: pool } })),
          },
        },
      },
    });
    const pool = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab";
    expect(statementNamed(statementsOf(ruleWith(pool)), "UserPoolClients")).toMatchObject({
      Action: ["cognito-idp:DescribeUserPoolClient"],
      Resource: ["arn:PARTITION:cognito-idp:REGION:ACCOUNT_ID:userpool/eu-west-1_Ab"],
    });
    expect(statementNamed(statementsOf(ruleWith("${var.pool}")), "UserPoolClients").Resource).toEqual([
      "arn:PARTITION:cognito-idp:REGION:ACCOUNT_ID:userpool/*",
    ]);
    expect(actionsOf(statementsOf(ruleWith()))).not.toContain("cognito-idp:DescribeUserPoolClient");
  });

  it("allows passing existing roles to tasks", () => {
    const roles = { execution_role_arn: "arn:aws:iam::111122223333:role/a/start", task_role_arn: "${var.role}" };
    const statements = statementsOf({ resource: { aws_ecs_task_definition: { web: { family: "web", ...roles } } } });
    expect(statementNamed(statements, "PassTaskRoles").Resource).toEqual([
      "arn:PARTITION:iam::ACCOUNT_ID:role/a/start",
    ]);
  });

  it.each(["resource", "data"])("names a %s type with unknown actions", (mode) => {
    const json = { [mode]: { aws_new_thing: { own: {} } } };
    expect(() => statementsOf(json)).toThrow(
      `does not know the IAM actions of the ${mode === "data" ? "data source" : "resource"} type "aws_new_thing" (${
        mode === "data" ? "data." : ""
      }aws_new_thing.own)`,
    );
    expect(() => statementsOf(json)).toThrow("Add its grants in cli/handover/iam.");
  });

  it("allows Terraform to create, read, change and delete only the stack's launch template", () => {
    const statements = ofStack("ecs");
    expect(statementNamed(statements, "Ec2Create").Action).toContain("ec2:CreateLaunchTemplate");
    expect(statementNamed(statements, "Ec2Create").Condition).toEqual({
      StringEquals: { "aws:RequestTag/Cluster": ["NAME"] },
    });
    const change = statementNamed(statements, "Ec2Change");
    for (const action of ["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "DeleteLaunchTemplate"]) {
      expect(change.Action).toContain(`ec2:${action}`);
    }
    expect(change.Condition).toEqual({ StringEquals: { "aws:ResourceTag/Cluster": ["NAME"] } });
    const read = ["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"];
    expect(statementNamed(statements, "Read").Action).toEqual(expect.arrayContaining(read));
  });

  it("allows passing the instance role only to EC2", () => {
    expect(statementNamed(ofStack("ecs"), "PassInstanceRole")).toEqual({
      Sid: "PassInstanceRole",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: ["arn:PARTITION:iam::ACCOUNT_ID:role/NAME-instance-REGION"],
      Condition: { StringLike: { "iam:PassedToService": ["ec2.amazonaws.com*"] } },
    });
  });

  it("allows passing the role of an instance profile that exists, which has a placeholder, to EC2", () => {
    const { Resource, Condition } = statementNamed(ofStack("existing-parts"), "PassInstanceRole");
    expect(Resource).toEqual(["arn:PARTITION:iam::ACCOUNT_ID:role/PROFILE_ROLE"]);
    expect(Condition).toEqual({ StringLike: { "iam:PassedToService": ["ec2.amazonaws.com*"] } });
  });

  it("allows passing the roles of tasks only to tasks, and names each of them", () => {
    const { Resource, Condition } = statementNamed(ofStack("microservices"), "PassTaskRoles");
    const services = ["posts", "threads", "users", "worker"];
    expect(Resource).toEqual(
      services.map((name) => `arn:PARTITION:iam::ACCOUNT_ID:role/NAME-${name}-exec-${GENERATED}`),
    );
    expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } });
  });

  it("allows only the service-linked roles of the AWS services in use", () => {
    const { Condition, Resource } = statementNamed(ofStack("ecs"), "ServiceLinkedRoles");
    const services = ["autoscaling.amazonaws.com", "ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com"];
    expect(Condition).toEqual({ StringEquals: { "iam:AWSServiceName": services } });
    expect(Resource).toEqual(services.map((name) => `arn:PARTITION:iam::ACCOUNT_ID:role/aws-service-role/${name}/*`));
  });

  it("allows attaching only the policies that the stack attaches", () => {
    expect(statementNamed(ofStack("ecs"), "AttachPolicies")).toMatchObject({
      Resource: ["arn:PARTITION:iam::ACCOUNT_ID:role/NAME-instance-REGION"],
      Condition: {
        ArnLike: {
          "iam:PolicyARN": [
            "arn:PARTITION:iam::aws:policy/AmazonSSMManagedInstanceCore",
            "arn:PARTITION:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
          ],
        },
      },
    });
  });

  it("limits actions to the names of the stack", () => {
    const statements = ofStack("microservices");
    expect(statementNamed(statements, "Ecs").Resource).toEqual(["arn:PARTITION:ecs:REGION:ACCOUNT_ID:cluster/NAME"]);
    expect(statementNamed(statements, "EcsServices").Resource).toContain(
      "arn:PARTITION:ecs:REGION:ACCOUNT_ID:service/NAME/*",
    );
    expect(statementNamed(statements, "EcsCapacityProvider").Resource).toEqual([
      "arn:PARTITION:ecs:REGION:ACCOUNT_ID:capacity-provider/cp-NAME",
    ]);
    const rules = "arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT_ID:listener-rule/app/NAME-alb/*";
    expect(statementNamed(statements, "ListenerRules").Resource).toEqual([rules]);
  });

  it("uses the resource * only with the region as condition, and for actions that read or need it", () => {
    for (const name of ["ecs", "microservices"]) {
      for (const { Sid, Resource, Condition, Action } of ofStack(name)) {
        if (!Resource.includes("*")) continue;
        expect([Sid, Condition]).toEqual([Sid, { StringEquals: { "aws:RequestedRegion": ["REGION"] } }]);
        const changing = Action.filter((action) => !/:(Describe|Get|List)/.test(action));
        expect(changing.filter((action) => !/^ecs:(Der|R)egisterTaskDefinition$/.test(action))).toEqual([]);
      }
    }
  });

  it("has only actions that read in the statement Read", () => {
    const { Action } = statementNamed(ofStack("microservices"), "Read");
    expect(Action.filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([]);
  });

  it("has no wildcard in actions, and no duplicates in a statement", () => {
    for (const { Action, Resource } of ofStack("microservices")) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9-]+:[A-Z]\w+$/);
      expect(new Set(Action).size).toBe(Action.length);
      expect(new Set(Resource).size).toBe(Resource.length);
    }
  });

  it("has no actions for types that the stack does not have", () => {
    expect(actionsOf(ofStack("ecs")).filter((action) => /Service$|TargetGroup|ecr:|kms:|wafv2:/.test(action))).toEqual(
      [],
    );
  });

  // https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
  it("allows EFS to create network interfaces for mount targets", () => {
    const statements = statementsOf({ resource: { aws_efs_mount_target: { own: { subnet_id: "subnet-1" } } } });
    const { Action, Resource } = statementNamed(statements, "MountTargetInterfaces");
    expect(Action).toEqual(expect.arrayContaining(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]));
    expect(Resource).toContain("arn:PARTITION:ec2:REGION:ACCOUNT_ID:network-interface/*");
    expect(statementNamed(statements, "ServiceLinkedRoles").Resource).toEqual([
      "arn:PARTITION:iam::ACCOUNT_ID:role/aws-service-role/elasticfilesystem.amazonaws.com/*",
    ]);
  });

  it("allows Spot Instances", () => {
    expect(statementNamed(ofStack("ecs"), "RunInstances").Resource).toContain(
      "arn:PARTITION:ec2:REGION:ACCOUNT_ID:spot-instances-request/*",
    );
  });

  it("limits to the tag Name if the provider has no default tag, and names the resources that have names", () => {
    const statements = ofStack("constructs");
    const tag = (key: string, ...names: string[]) => ({ StringEquals: { [`aws:${key}/Name`]: names } });
    expect(statementNamed(statements, "Ec2Create").Condition).toEqual(
      tag("RequestTag", "batch-instance", "batch-instances"),
    );
    expect(statementNamed(statements, "SecurityGroupRules").Condition).toEqual(tag("ResourceTag", "batch-instances"));
    expect(statementNamed(statements, "RunInstancesOfTemplate").Condition).toEqual(
      tag("ResourceTag", "batch-instance"),
    );
    expect(statementNamed(ofStack("existing-cluster"), "TargetGroups").Condition).toEqual(
      tag("ResourceTag", "platform-orders"),
    );
    const untagged = { resource: { aws_launch_template: { own: {} } } };
    expect(statementNamed(statementsOf(untagged), "Ec2Create").Condition).toBeUndefined();
  });

  it("knows the cluster of a service stack, and its listener by the tag of the cluster", () => {
    const service = (cluster: string) =>
      ["service/C/orders", "service-deployment/C/orders/*", "service-revision/C/orders/*"].map(
        (path) => `arn:PARTITION:ecs:REGION:ACCOUNT_ID:${path.replace("C", cluster)}`,
      );
    const stack = ofStack("service-stack");
    expect(statementNamed(stack, "EcsServices").Resource).toEqual(service("CLUSTER_NAME"));
    const tag = { "aws:ResourceTag/Cluster": ["CLUSTER_NAME"] };
    expect(statementNamed(stack, "Listeners").Condition).toEqual({ StringEquals: tag });
    expect(statementNamed(stack, "ListenerRules").Condition).toEqual({ StringEquals: tag });
    expect(statementNamed(stack, "ListenerRulesTagNew").Condition).toEqual({
      StringEquals: { "elasticloadbalancing:CreateAction": ["CreateRule"] },
    });
    const existing = ofStack("existing-cluster");
    expect(statementNamed(existing, "EcsServices").Resource).toEqual(service("platform"));
    expect(statementNamed(existing, "Listeners").Resource).toEqual([
      "arn:PARTITION:elasticloadbalancing:REGION:ACCOUNT_ID:listener/app/platform/*",
    ]);
  });

  it("knows the cluster of a service by its name, and no cluster of an unknown expression", () => {
    const of = (cluster: string) =>
      statementNamed(statementsOf({ resource: { aws_ecs_service: { web: { name: "web", cluster } } } }), "EcsServices")
        .Resource[0];
    expect(of("shop")).toBe("arn:PARTITION:ecs:REGION:ACCOUNT_ID:service/shop/web");
    expect(of("${data.x.y.arn}")).toBe("arn:PARTITION:ecs:REGION:ACCOUNT_ID:service/*/web");
  });

  it("allows only the repositories of the stack, whose names are in lower case", () => {
    const repository = "arn:PARTITION:ecr:REGION:ACCOUNT_ID:repository";
    expect(statementNamed(ofStack("shared-image"), "Repositories").Resource).toEqual([
      `${repository}/LOWERCASE_NAME/app`,
    ]);
    expect(statementNamed(ofStack("service-stack"), "Repositories").Resource).toEqual([
      `${repository}/LOWERCASE_CLUSTER_NAME/orders`,
    ]);
    const named = (name: string) =>
      statementNamed(statementsOf({ resource: { aws_ecr_repository: { own: { name } } } }), "Repositories").Resource;
    expect(named('${lower("Team/${var.name}")}')).toEqual([`${repository}/team/LOWERCASE_NAME`]);
    expect(named("${lower(var.name)}")).toEqual([`${repository}/LOWERCASE_NAME`]);
    expect(named("${upper(var.name)}")).toEqual([`${repository}/*`]);
  });

  it("allows changing file systems and access points only with the tag of the stack, and an existing file system by its ID", () => {
    const statements = ofStack("shared-files");
    const own = { StringEquals: { "aws:ResourceTag/Cluster": ["NAME"] } };
    const change = statementNamed(statements, "FileSystems");
    expect(change.Condition).toEqual(own);
    expect(change.Action).toContain("elasticfilesystem:DeleteFileSystem");
    expect(statementNamed(statements, "FileSystemsTagNew")).toMatchObject({
      Action: ["elasticfilesystem:TagResource"],
      Condition: { StringEquals: { "elasticfilesystem:CreateAction": ["CreateFileSystem"] } },
    });
    const deleting = statements.filter(({ Action }) =>
      Action.some((action) => /elasticfilesystem:(Delete|Update|Put)/.test(action)),
    );
    expect(deleting.map(({ Condition }) => Condition)).toEqual([own]);
    const existing = { aws_efs_access_point: { own: { file_system_id: "fs-0f0e0d0c", tags: { Name: "own" } } } };
    const point = statementsOf({ resource: existing });
    expect(statementNamed(point, "FileSystemsRead")).toMatchObject({
      Action: ["elasticfilesystem:CreateAccessPoint", "elasticfilesystem:DescribeAccessPoints"],
      Resource: ["arn:PARTITION:elasticfilesystem:REGION:ACCOUNT_ID:file-system/fs-0f0e0d0c"],
    });
    expect(statementNamed(point, "FileSystemsRead").Condition).toBeUndefined();
    expect(statementNamed(point, "AccessPoints").Condition).toEqual({
      StringEquals: { "aws:ResourceTag/Name": ["own"] },
    });
  });

  it("allows tagging keys, certificates and scalable targets only if they do not have the tag of a stack yet", () => {
    const condition = {
      StringEquals: { "aws:RequestTag/Cluster": ["NAME"] },
      Null: { "aws:ResourceTag/Cluster": ["true"] },
    };
    expect(statementNamed(ofStack("hardened"), "KeyTagNew")).toMatchObject({
      Action: ["kms:TagResource"],
      Condition: condition,
    });
    expect(statementNamed(ofStack("domain"), "CertificateTagNew").Condition).toEqual(condition);
    expect(statementNamed(ofStack("queue-worker"), "ServiceScalingCreate").Condition).toEqual(condition);
    expect(statementNamed(ofStack("queue-worker"), "ServiceScalingAlarms").Resource).toEqual([
      "arn:PARTITION:cloudwatch:REGION:ACCOUNT_ID:alarm:TargetTracking-service/NAME/thumbnails-Alarm*",
    ]);
  });
});
