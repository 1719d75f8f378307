import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";

const ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const IMAGES = [`${ECR}/shop/web:1`, `${ECR}/shop/api:2`, "public.ecr.aws/docker/library/nginx:1.29"];

interface Json {
  readonly locals: { readonly launch_template_user_data: string };
  readonly resource: Record<string, Record<string, { readonly policy?: string } & Record<string, unknown>>>;
}
const json = (settings: EcsClusterSettings) => clusterConfiguration(settings) as unknown as Json;
const userData = (settings: EcsClusterSettings) =>
  json(settings).locals.launch_template_user_data.replaceAll("$${", "${").replaceAll("${var.name}", "prod");

/** Runs the script that the user data writes, with fakes of curl and Docker. @returns their calls, and the output */
function pull(settings: EcsClusterSettings, failing = "none"): { calls: string[]; console: string } {
  const folder = mkdtempSync(join(tmpdir(), "pre-pull-"));
  const fake = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const log = `echo "$(basename $0) $*" >> ${folder}/calls`;
  fake(
    "curl",
    `case "$*" in
      *api/token*) echo TOKEN ;;
      *iam/security-credentials/role*) printf '{\\n "AccessKeyId" : "AKIA",\\n "SecretAccessKey" : "a/b+c",\\n "Token" : "T=="\\n}' ;;
      *iam/security-credentials/*) echo role ;;
      *placement/region*) echo eu-west-1 ;;
      *services/domain*) echo amazonaws.com ;;
      *instance-id*) echo i-1 ;;
      *) ${log}; cat >> ${folder}/calls; echo '{"authorizationData":[{"authorizationToken":"QVdTOnNlY3JldA=="}]}' ;;
    esac`,
  );
  fake(
    "docker",
    `[ $1 = login ] && password=$(cat); ${log}; [ "$password" ] && echo "$password" >> ${folder}/calls; [[ "$*" != *${failing}* ]]`,
  );
  const [, script = ""] =
    /cat > \/usr\/local\/sbin\/ecs-pre-pull <<'PRE_PULL'\n([\s\S]*?)\nPRE_PULL\n/.exec(userData(settings)) ?? [];
  const { status, stderr } = spawnSync("bash", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  expect(status).toBe(0);
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  return { calls, console: stderr };
}

describe("pre-pulled images", () => {
  it("are pulled after one login to each registry of ECR, with the credentials of the instance role", () => {
    const { calls } = pull({ prePulledImages: IMAGES });
    expect(calls.filter((call) => call.startsWith("curl"))).toEqual([
      "curl -sf -K - --aws-sigv4 aws:amz:eu-west-1:ecr -H Content-Type: application/x-amz-json-1.1 -d {} -H X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken https://api.ecr.eu-west-1.amazonaws.com/",
    ]);
    expect(calls).toContain('user = "AKIA:a/b+c"');
    expect(calls).toContain('header = "X-Amz-Security-Token: T=="');
    expect(calls.filter((call) => call.startsWith("docker"))).toEqual([
      `docker login --username AWS --password-stdin ${ECR}`,
      ...IMAGES.map((image) => `docker pull --quiet ${image}`),
    ]);
    expect(calls).toContain("secret");
  });

  it("do not keep the instance from the cluster when one cannot be pulled", () => {
    const { calls, console: output } = pull({ prePulledImages: IMAGES }, "api");
    expect(output).toContain(`The image ${IMAGES[1]} cannot be pulled before the agent starts.`);
    expect(calls).toContain(`docker pull --quiet ${IMAGES[2]}`);
  });

  it("are pulled by a unit that the agent waits for, at each boot", () => {
    const text = userData({ prePulledImages: IMAGES });
    expect(text).toContain("After=docker.service cloud-final.service\nBefore=ecs.service\n");
    expect(text).toContain("TimeoutStartSec=600\nExecStart=-/usr/local/sbin/ecs-pre-pull\n");
    expect(text).toContain("WantedBy=ecs.service\n");
    expect(text).toContain("systemctl enable ecs-pre-pull\nsystemctl --no-block start ecs-pre-pull\n");
    expect(userData({})).not.toContain("pre-pull");
  });

  it("use the proxy of Docker", () => {
    expect(userData({ prePulledImages: IMAGES, docker: { httpsProxy: "10.0.0.131:3128" } })).toContain(
      "export https_proxy='10.0.0.131:3128'\nexport no_proxy='169.254.169.254,169.254.170.2'\n",
    );
  });

  it("keep an instance in a warm pool running until it has them", () => {
    const settings: EcsClusterSettings = { prePulledImages: [IMAGES[2] as string], warmPool: {} };
    expect(pull(settings).calls).toContain(
      "curl -sf -K - --aws-sigv4 aws:amz:eu-west-1:autoscaling -d Action=CompleteLifecycleAction -d Version=2011-01-01 -d LifecycleActionResult=CONTINUE -d LifecycleHookName=prepull -d AutoScalingGroupName=prod-instances -d InstanceId=i-1 https://autoscaling.eu-west-1.amazonaws.com/",
    );
    const { resource } = json(settings);
    expect(resource.aws_autoscaling_lifecycle_hook).toEqual({
      capacity_hook_prepull: expect.objectContaining({
        name: "prepull",
        lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeat_timeout: 900,
        default_result: "CONTINUE",
      }),
    });
    expect(resource.aws_iam_role_policy?.instance_role_further?.policy).toContain(
      '"Action" = ["autoscaling:CompleteLifecycleAction"]',
    );
    const without = json({ prePulledImages: IMAGES }).resource;
    expect(without).not.toHaveProperty("aws_autoscaling_lifecycle_hook");
    expect(without.aws_iam_role_policy?.instance_role_further).toBeUndefined();
  });

  it("can be pulled by a role with least privilege, and no others", () => {
    const settings = { prePulledImages: IMAGES, instancePolicy: "least-privilege" } as const;
    const policy = json(settings).resource.aws_iam_role_policy?.instance_role_further?.policy;
    expect(policy).toContain(':ecr:eu-west-1:111122223333:repository/shop/web"');
    expect(policy).toContain('"Action" = ["ecr:GetAuthorizationToken"]');
    const ofPublic = json({ ...settings, prePulledImages: [IMAGES[2] as string] });
    expect(ofPublic.resource.aws_iam_role_policy?.instance_role_further).toBeUndefined();
  });

  it.each<[EcsClusterSettings, string]>([
    [{ prePulledImages: [] }, "prePulledImages must have 1 to 20 different images"],
    [{ prePulledImages: ["a'; reboot"] }, "prePulledImages[0] must be a container image"],
    [{ prePulledImages: ["a"], amiFamily: "bottlerocket" }, "prePulledImages must not be set with bottlerocket"],
    [
      { prePulledImages: ["a"], warmPool: {}, lifecycleHooks: { prepull: { transition: "launching" } } },
      "lifecycleHooks.prepull must not be set with prePulledImages and warmPool",
    ],
  ])("reject %j", (settings, message) => {
    expect(problemsOf(() => clusterStack(settings))).toEqual([expect.stringContaining(message)]);
  });
});
