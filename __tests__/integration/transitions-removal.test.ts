import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  type EcsClusterStack,
  EncryptionKey,
  FileSystem,
  ServiceConnectNamespace,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

type Props = Partial<Ec2ServiceProps>;

/** Returns a version of a cluster with one service. */
function version(props: Props | ((stack: EcsClusterStack) => Props) = {}, settings: EcsClusterSettings = {}) {
  return () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, ...settings });
    const own = typeof props === "function" ? props(stack) : props;
    new Ec2Service(stack, "api", { cluster: stack, image: "api:1", containerPort: 80, ...own });
    return stack;
  };
}

/** A change that takes nothing away from running tasks, instances and services. */
const SMOOTH = { missing: [], lost: [], rejected: [] };

describeTerraform("what a running system no longer needs goes after its users", (lab) => {
  const start = async () => (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();

  describe("Service Connect", () => {
    const inNamespace = (name: string, props: Props = {}) =>
      version((stack) => {
        const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name });
        return { serviceConnect: { namespace }, ...props };
      });
    const NAMESPACE = "aws_service_discovery_http_namespace.namespace";
    const RULE = "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances";

    it("is switched off in one apply", async () => {
      const state = await start();
      await state.apply(inNamespace("internal"));
      const off = await state.apply(version());
      expect(off).toMatchObject({ ...SMOOTH, deleted: [NAMESPACE, RULE], updated: ["aws_ecs_service.api"] });
      await state.destroy();
    });

    it("gets a namespace with another name in one apply", async () => {
      const state = await start();
      await state.apply(inNamespace("internal"));
      expect(await state.apply(inNamespace("shop"))).toMatchObject({ ...SMOOTH, replaced: [NAMESPACE], deleted: [] });
    });

    it("is switched off in two applies when the service does not wait for its deployment", async () => {
      const nowait = { waitForSteadyState: false };
      const left = version((stack) => {
        new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "internal" });
        return nowait;
      });
      const state = await start();
      await state.apply(inNamespace("internal", nowait));
      expect(await state.apply(left)).toMatchObject({ ...SMOOTH, deleted: [] });
      expect(await state.apply(version(nowait))).toMatchObject({ ...SMOOTH, deleted: [NAMESPACE, RULE] });
    });

    it("fails at the namespace when such a service leaves it in the same apply, and succeeds in the next apply", async () => {
      const nowait = { waitForSteadyState: false };
      const state = await start();
      await state.apply(inNamespace("internal", nowait));
      await state.expectFailure(version(nowait), "ResourceInUse: Namespace has associated services (internal)");
      expect(await state.apply(version(nowait))).toMatchObject(SMOOTH);
    });
  });

  describe("the key of customerKey", () => {
    const KEY = "aws_kms_key.encryption_key";

    it("goes after all that it encrypts, without a load balancer", async () => {
      const state = await start();
      await state.apply(version({}, { customerKey: true }));
      const off = await state.apply(version());
      expect(off).toMatchObject({ ...SMOOTH, deleted: ["aws_kms_alias.encryption_key_alias", KEY], replaced: [] });
      expect(off.updated).toEqual(
        expect.arrayContaining([
          ...["aws_cloudwatch_log_group.api_task_definition_log_group", "aws_cloudwatch_log_group.cluster_log_group"],
          ...["aws_ecs_cluster.cluster", "aws_launch_template.launch_template"],
        ]),
      );
      await state.destroy();
    });

    it("goes after a log group that it encrypts, without a capacity provider that uses it", async () => {
      const encrypted = (withKey: boolean) =>
        version((stack) => {
          const key = withKey && new EncryptionKey(stack, "own", { name: "own", region: "ap-northeast-2" });
          new CloudwatchLogGroup(stack, "audit", { name: "audit", kmsKeyId: key ? key.keyArn : undefined });
          return {};
        });
      const state = await start();
      await state.apply(encrypted(true));
      const off = await state.apply(encrypted(false));
      expect(off).toMatchObject({ ...SMOOTH, deleted: ["aws_kms_alias.own_alias", "aws_kms_key.own"] });
      expect(off.updated).toEqual(["aws_cloudwatch_log_group.audit"]);
    });

    it("goes after all that it encrypts, with a route and a web ACL", async () => {
      const routed = { paths: ["/*"] };
      const loadBalancer = { webAcl: "managed" } as const;
      const state = await start();
      await state.apply(version(routed, { customerKey: true, loadBalancer }));
      const off = await state.apply(version(routed, { loadBalancer }));
      expect(off).toMatchObject({ ...SMOOTH, replaced: [] });
      expect(off.updated).toContain("aws_cloudwatch_log_group.web_acl_log_group");
    });
  });

  describe("the role of a task", () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    const statement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::uploads/*"] };
    it.each<[string, Props, string[]]>([
      [
        "taskRoleStatements",
        { taskRoleStatements: [statement] },
        ["aws_iam_role_policy.api_task_definition_task_role_policy"],
      ],
      ["ECS Exec", { enableExecuteCommand: true }, ["aws_iam_role_policy.api_task_definition_task_role_policy"]],
      [
        "taskRolePolicyArns",
        { taskRolePolicyArns: [policyArn] },
        ["aws_iam_role_policy_attachment.api_task_definition_task_role_attachment_AmazonS3ReadOnlyAccess"],
      ],
    ])("outlives the tasks that use it, when %s is removed", async (_, props, policies) => {
      const state = await start();
      await state.apply(version(props));
      const removed = await state.apply(version());
      expect(removed).toMatchObject({
        ...SMOOTH,
        deleted: ["aws_iam_role.api_task_definition_task_role", ...policies],
      });
    });

    it("outlives the tasks that use it, when existing roles replace it and the execution role", async () => {
      const state = await start();
      await state.apply(version({ taskRoleStatements: [statement] }));
      const roles = {
        taskRole: "arn:aws:iam::111122223333:role/web",
        executionRole: "arn:aws:iam::111122223333:role/start",
      };
      const { deleted, ...changes } = await state.apply(version(roles));
      expect(changes).toMatchObject(SMOOTH);
      expect(deleted).toEqual(
        expect.arrayContaining(["execution", "task"].map((kind) => `aws_iam_role.api_task_definition_${kind}_role`)),
      );
    });

    it("keeps a managed policy until the tasks without it run", async () => {
      const state = await start();
      await state.apply(version({ taskRolePolicyArns: [policyArn], taskRoleStatements: [statement] }));
      const { operations } = await state.apply(version({ taskRoleStatements: [statement], image: "api:2" }));
      const order = operations.filter(({ operation }) => operation !== "create").map(({ type }) => type);
      expect(order).toEqual(["aws_ecs_service", "aws_iam_role_policy_attachment"]);
    });

    it("is lost by tasks of a service that does not wait, which waits for this apply instead", async () => {
      const nowait = { waitForSteadyState: false };
      const state = await start();
      await state.apply(version({ taskRoleStatements: [statement], ...nowait }));
      expect((await state.apply(version(nowait))).lost).toEqual([
        "aws_iam_role.api_task_definition_task_role <- aws_ecs_service api",
      ]);
      await state.apply(version({ taskRoleStatements: [statement], ...nowait }));
      expect(await state.apply(version())).toMatchObject(SMOOTH);
    });
  });

  describe("a file system", () => {
    const withFiles = (props: { enableAutomaticBackups?: boolean } = {}, more: Props = {}) =>
      version((stack) => {
        const { vpc, portRules } = stack;
        const files = new FileSystem(stack, "files", { name: "wiki", vpc, portRules, ...props });
        return { volumes: { data: { fileSystem: files.fileSystemId } }, mountPoints: { "/data": "data" }, ...more };
      });

    it.each<[string, Props]>([
      ["a role of the stack", {}],
      ["an existing role", { taskRole: "arn:aws:iam::111122223333:role/web" }],
    ])("goes with its mount targets after the tasks that mount it with %s", async (_, props) => {
      const state = await start();
      await state.apply(withFiles({}, props));
      const removed = await state.apply(version(props));
      expect(removed).toMatchObject(SMOOTH);
      expect(removed.deleted).toEqual(
        expect.arrayContaining(["aws_efs_file_system.files", "aws_security_group.files_security_group"]),
      );
      expect(removed.deleted.filter((address) => address.startsWith("aws_efs_mount_target"))).toHaveLength(4);
    });

    it("is lost by tasks of a service that does not wait, unless it waits for this apply", async () => {
      const nowait = { waitForSteadyState: false };
      const state = await start();
      await state.apply(withFiles({}, nowait));
      const { lost } = await state.apply(version(nowait));
      expect(lost).toContain("aws_efs_file_system.files <- aws_ecs_service api");
      await state.apply(withFiles({}, nowait));
      expect(await state.apply(version())).toMatchObject(SMOOTH);
    });

    it("loses its backups, and gets them again, in place", async () => {
      const state = await start();
      await state.apply(withFiles());
      const POLICY = "aws_efs_backup_policy.files_backup_policy";
      expect(await state.apply(withFiles({ enableAutomaticBackups: false }))).toMatchObject({
        ...{ ...SMOOTH, created: [], updated: [], deleted: [POLICY] },
      });
      expect(await state.apply(withFiles())).toMatchObject({ ...SMOOTH, created: [POLICY], updated: [], deleted: [] });
    });

    it("keeps its files when its key changes: the plan fails", async () => {
      const withKey = (name: "first" | "second") =>
        version((stack) => {
          const region = "ap-northeast-2";
          const [first, second] = ["first", "second"].map((id) => new EncryptionKey(stack, id, { name: id, region }));
          const { vpc, portRules } = stack;
          new FileSystem(stack, "files", {
            name: "wiki",
            vpc,
            portRules,
            encryptionKey: name === "first" ? first : second,
          });
          return {};
        });
      const state = await start();
      await state.apply(withKey("first"));
      await state.expectRejected(withKey("second"), "The key of a file system cannot change");
      expect((await state.apply(withKey("first"))).operations).toEqual([]);
    });
  });
});

describeTerraform("optional resources of a running cluster", (lab) => {
  const start = async () => (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();
  const topic = { alarmTopicArn: "arn:aws:sns:ap-northeast-2:111122223333:alarms" };
  const large = { instanceTypes: ["m5.large"] };

  it("are added and removed, all of them in one apply each", async () => {
    const settings: EcsClusterSettings = {
      ...{ alarms: true, dashboard: true, customerKey: true, keyPair: "import", values: topic },
      ...{ executeCommandLogging: false, sessionManager: false, instancePolicy: "least-privilege" },
      instancePolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
      warmPool: {},
      schedules: { night: { recurrence: "0 0 * * *", minSize: 0 } },
      lifecycleHooks: { drain: { transition: "terminating", heartbeatTimeoutSeconds: 60 } },
      loadBalancer: { webAcl: "managed" },
    };
    const state = await start();
    await state.apply(version({}, { loadBalancer: {} }));
    const added = await state.apply(version({}, { loadBalancer: {}, ...settings }));
    expect(added).toMatchObject({ ...SMOOTH, replaced: [] });
    const removed = await state.apply(version({}, { loadBalancer: {} }));
    expect(removed).toMatchObject({ ...SMOOTH, replaced: [] });
    expect(removed.deleted).toEqual(added.created);
  });

  it("changes its key pair from an imported one to an existing one, to none, and back", async () => {
    const state = await start();
    for (const keyPair of ["import", "existing", "none", "import"] as const) {
      expect(await state.apply(version({}, { keyPair }))).toMatchObject({ ...SMOOTH, replaced: [] });
    }
  });

  it("loses its load balancer together with the routes of its services, and gets it again", async () => {
    const state = await start();
    await state.apply(version({ paths: ["/*"] }, { loadBalancer: {} }));
    const removed = await state.apply(version());
    expect(removed).toMatchObject({ ...SMOOTH, replaced: [] });
    expect(removed.deleted).toEqual(expect.arrayContaining(["aws_lb.load_balancer", "aws_lb_listener_rule.api_rule"]));
    expect(await state.apply(version({ paths: ["/*"] }, { loadBalancer: {} }))).toMatchObject({
      ...SMOOTH,
      replaced: [],
    });
  });

  it("changes a managed web ACL to an existing one, and back", async () => {
    const webAclArn =
      "arn:aws:wafv2:ap-northeast-2:111122223333:regional/webacl/shared/0f0e0d0c-1111-2222-3333-444455556666";
    const state = await start();
    await state.apply(version({}, { loadBalancer: { webAcl: "managed" } }));
    const existing = version({}, { loadBalancer: { webAcl: "existing" }, values: { webAclArn } });
    expect(await state.apply(existing)).toMatchObject({ ...SMOOTH, created: [] });
    expect(await state.apply(version({}, { loadBalancer: { webAcl: "managed" } }))).toMatchObject(SMOOTH);
  });

  it("changes or removes a placement group in two applies, because its instances must be replaced first", async () => {
    const IN_USE = "InvalidPlacementGroup.InUse: The placement group 'ecs-instances-spread' is in use";
    const state = await start();
    const placed = (placementGroup?: "spread" | "partition") => version({}, { placementGroup, values: large });
    await state.apply(placed("spread"));
    await state.expectFailure(placed("partition"), IN_USE);
    expect(await state.apply(placed("partition"))).toMatchObject({ ...SMOOTH, created: [], updated: [] });
    await state.apply(placed(), { applies: 2 });
  });

  it("keeps AWSServiceRoleForECS, which IAM does not delete while a cluster exists, with retain", async () => {
    const state = await start();
    await state.apply(version({}, { serviceLinkedRole: true }));
    await state.expectFailure(version(), "waiting for IAM Service Linked Role");
    const retain = ["aws_iam_service_linked_role.cluster_service_linked_role"];
    expect(await state.apply(version({}, { retain }))).toMatchObject({ ...SMOOTH, deleted: [], updated: [] });
    expect(await state.apply(version())).toMatchObject({ ...SMOOTH, deleted: [], updated: [] });
  });
});
