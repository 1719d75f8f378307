import { distinctElements, matches } from "../validation/rule";
import { list, string } from "../validation/schema";

/** The name of the lifecycle hook that waits for the images in a warm pool. */
export const PRE_PULL_HOOK = "prepull";

/** An image that an instance pulls itself. */
export const imageNameRule = matches(
  "^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$",
  "be a container image of at most 255 characters",
  'For example "public.ecr.aws/docker/library/nginx:1.29".',
);

/** The field of images to pull before the agent starts. */
export const prePulledImagesField = list(
  string(imageNameRule),
  distinctElements(1, 20, "images", "Remove the setting for none."),
);

/** What the script needs to know. */
export interface PrePulling {
  /** The variables of a proxy. */
  readonly proxies: Readonly<Record<string, string>>;
  /** The group whose lifecycle hook waits for the images. @default - no hook waits */
  readonly autoscalingGroupName?: string;
}

/**
 * The requests to AWS are signed by curl, because ECS-optimized AMIs have no AWS CLI.
 * https://curl.se/docs/manpage.html#--aws-sigv4
 */
const FUNCTIONS = [
  "imds=http://169.254.169.254/latest",
  "token=$(curl -sf --noproxy '*' -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600' $imds/api/token)",
  `meta() { curl -sf --noproxy '*' -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/$1"; }`,
  "# Prints the field $1 of the JSON in the input.",
  `field() { tr -d '\\n' | sed -n "s/.*\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p"; }`,
  "# Sends a request to the service $1 in the region $2 with the credentials of the instance role.",
  "aws_request() {",
  "  local service=$1 region=$2 credentials",
  "  shift 2",
  '  credentials=$(meta "iam/security-credentials/$(meta iam/security-credentials/)")',
  `  printf 'user = "%s:%s"\\nheader = "X-Amz-Security-Token: %s"\\n' "$(field AccessKeyId <<< "$credentials")" \\`,
  `    "$(field SecretAccessKey <<< "$credentials")" "$(field Token <<< "$credentials")" |`,
  '    curl -sf -K - --aws-sigv4 "aws:amz:$region:$service" "$@"',
  "}",
  "# Logs in to the registry $1 of ECR.",
  "login() {",
  "  local account dkr ecr region suffix",
  '  IFS=. read -r account dkr ecr region suffix <<< "$1"',
  "  aws_request ecr \"$region\" -H 'Content-Type: application/x-amz-json-1.1' -d '{}' \\",
  "    -H 'X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken' \"https://api.ecr.$region.$suffix/\" |",
  '    field authorizationToken | base64 -d | cut -d: -f2- | docker login --username AWS --password-stdin "$1"',
  "}",
];

/**
 * Returns the shell lines that let systemd pull images at each boot, after Docker starts and before the agent. The agent waits
 * at most 10 minutes. An image that cannot be pulled does not keep the instance from the cluster.
 */
export function prePullLines(images: readonly string[], { proxies, autoscalingGroupName }: PrePulling): string[] {
  const complete = [
    "# The instance is ready, so Auto Scaling can stop it in the warm pool, or put it in service.",
    "region=$(meta placement/region)",
    'aws_request autoscaling "$region" -d Action=CompleteLifecycleAction -d Version=2011-01-01 -d LifecycleActionResult=CONTINUE \\',
    `  -d LifecycleHookName=${PRE_PULL_HOOK} -d 'AutoScalingGroupName=${autoscalingGroupName}' -d "InstanceId=$(meta instance-id)" \\`,
    '  "https://autoscaling.$region.$(meta services/domain)/" > /dev/null || echo "No lifecycle hook waits."',
  ];
  return [
    "# Pulls images before the ECS agent starts.",
    "cat > /usr/local/sbin/ecs-pre-pull <<'PRE_PULL'",
    "#!/bin/bash",
    ...Object.entries(proxies).map(([name, value]) => `export ${name.toLowerCase()}='${value}'`),
    ...FUNCTIONS,
    "export DOCKER_CONFIG=$(mktemp -d)",
    "trap 'rm -rf \"$DOCKER_CONFIG\"' EXIT",
    "logins=",
    `for image in ${images.map((image) => `'${image}'`).join(" ")}; do`,
    "  registry=${image%%/*}",
    '  case $registry in [0-9]*.dkr.ecr.*) [[ $logins == *" $registry "* ]] || login "$registry"; logins+=" $registry " ;; esac',
    '  docker pull --quiet "$image" || echo "The image $image cannot be pulled before the agent starts." >&2',
    "done",
    ...(autoscalingGroupName === undefined ? [] : complete),
    "PRE_PULL",
    "chmod 755 /usr/local/sbin/ecs-pre-pull",
    "cat > /etc/systemd/system/ecs-pre-pull.service <<'PRE_PULL'",
    "[Unit]",
    "Requires=docker.service",
    "After=docker.service cloud-final.service",
    "Before=ecs.service",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "TimeoutStartSec=600",
    "ExecStart=-/usr/local/sbin/ecs-pre-pull",
    "[Install]",
    "WantedBy=ecs.service",
    "PRE_PULL",
    "systemctl daemon-reload",
    "systemctl enable ecs-pre-pull",
    "systemctl --no-block start ecs-pre-pull",
  ];
}
