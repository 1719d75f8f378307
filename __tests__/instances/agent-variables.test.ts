import { AgentConfig, hcl } from "../../src";
import { allowsPrivilegedTasks } from "../../src/instances/agent-variables";
import { problemsOf } from "../support/problems";

const config = (variables: Readonly<Record<string, string>>) =>
  new AgentConfig({ clusterName: "prod", options: { variables } });
const problems = (variables: Readonly<Record<string, string>>) =>
  problemsOf(() => config(variables)).map((problem) => problem.replace(/^options\.variables\./, ""));

const DIRECT = "169.254.169.254,169.254.170.2,/var/run/docker.sock";
const DRIVERS =
  "The drivers are awslogs, awsfirelens, fluentd, gelf, journald, json-file, logentries, none, splunk, sumologic, syslog.";
const DURATION = 'For example "90s", "30m" or "1h30m". The agent ignores other values.';
const NEEDED = "Remove it. Otherwise ECS places no task of a service that has an execution role or a task role.";

describe("the agent's variables", () => {
  it.each<[string, string]>([
    ["ECS_AVAILABLE_LOGGING_DRIVERS", '["json-file","awslogs","awsfirelens","none"]'],
    ["ECS_CONTAINER_INSTANCE_TAGS", '{"team":"a"}'],
    ["ECS_IMAGE_CLEANUP_INTERVAL", "10m"],
    ["ECS_IMAGE_CLEANUP_INTERVAL", "1h30m0.5s"],
    ["ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION_JITTER", "1h"],
    ["ECS_CGROUP_CPU_PERIOD", "10ms"],
    ["ECS_POLL_METRICS", "true"],
    ["ECS_POLL_METRICS", "0"],
    ["ECS_ENABLE_TASK_IAM_ROLE", "true"],
    ["ECS_NUM_IMAGES_DELETE_PER_CYCLE", "10"],
    ["NONECS_NUM_CONTAINERS_DELETE_PER_CYCLE", "10"],
    ["NON_ECS_IMAGE_MINIMUM_CLEANUP_AGE", "30m"],
    ["ECS_RESERVED_PORTS", "[22, 80]"],
    ["ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES", '["10.0.15.0/24"]'],
    ["ECS_TASK_METADATA_RPS_LIMIT", "100,150"],
    ["ECS_LOG_MAX_FILE_SIZE_MB", "0.5"],
    ["ECS_LOGLEVEL_ON_INSTANCE", "none"],
    ["ECS_EXCLUDE_UNTRACKED_IMAGE", "alpine:latest,busybox:1"],
    ["NO_PROXY", "localhost"],
  ])("accept %s=%s", (name, value) => {
    expect(problems({ [name]: value })).toEqual([]);
    expect(config({ [name]: value }).environment()).toContain(`${name}=${value}`);
    expect(config({ [name]: value }).warnings).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      "ECS_AVAILABLE_LOGGING_DRIVERS",
      `'["json-file","awslogs"]'`,
      `must be JSON: a list of log drivers that the agent knows; received "'[\\"json-file\\",\\"awslogs\\"]'". For example ["json-file","awslogs","none"], without quotes around it. ${DRIVERS}`,
    ],
    [
      "ECS_AVAILABLE_LOGGING_DRIVERS",
      '["awslogs","datadog"]',
      `must be JSON: a list of log drivers that the agent knows; received "[\\"awslogs\\",\\"datadog\\"]". For example ["json-file","awslogs","none"], without quotes around it. ${DRIVERS}`,
    ],
    [
      "ECS_AVAILABLE_LOGGING_DRIVERS",
      '["json-file","journald"]',
      'must contain awslogs; received "[\\"json-file\\",\\"journald\\"]". Add it. Services log with it, and ECS places their tasks only on instances that have it.',
    ],
    [
      "ECS_CONTAINER_INSTANCE_TAGS",
      "team=a",
      'must be JSON: an object of tags; received "team=a". For example {"team":"a"}, without quotes around it. The agent does not start with other values.',
    ],
    [
      "ECS_CONTAINER_INSTANCE_TAGS",
      '{"aws:team":"a"}',
      'must have no tag that starts with aws:; received "{\\"aws:team\\":\\"a\\"}". Rename the tag. ECS would not register the instance.',
    ],
    ["ECS_IMAGE_CLEANUP_INTERVAL", "30", `must be a duration with a unit of at least 10m; received "30". ${DURATION}`],
    ["ECS_IMAGE_CLEANUP_INTERVAL", "5m", `must be a duration with a unit of at least 10m; received "5m". ${DURATION}`],
    [
      "ECS_CONTAINER_START_TIMEOUT",
      "44s",
      `must be a duration with a unit of at least 45s; received "44s". ${DURATION}`,
    ],
    ["ECS_IMAGE_PULL_TIMEOUT", "2 hours", `must be a duration with a unit; received "2 hours". ${DURATION}`],
    [
      "ECS_POLLING_METRICS_WAIT_DURATION",
      "21s",
      `must be a duration with a unit from 5s to 20s; received "21s". ${DURATION}`,
    ],
    [
      "ECS_DISABLE_IMAGE_CLEANUP",
      "yes",
      'must be true or false; received "yes". The agent ignores other values. Write "true" or "false".',
    ],
    [
      "ECS_ENABLE_TASK_IAM_ROLE",
      '"true"',
      'must be true or false; received "\\"true\\"". The agent ignores other values. Write "true" or "false".',
    ],
    ["ECS_ENABLE_TASK_IAM_ROLE", "false", `must be true, because services need it; received "false". ${NEEDED}`],
    [
      "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE",
      "False",
      `must be true, because services need it; received "False". ${NEEDED}`,
    ],
    [
      "ECS_NUM_IMAGES_DELETE_PER_CYCLE",
      "ten",
      'must be a whole number from 1 to 2147483647; received "ten". The agent ignores other values.',
    ],
    [
      "ECS_TASK_PIDS_LIMIT",
      "4194305",
      'must be a whole number from 1 to 4194304; received "4194305". The agent ignores other values.',
    ],
    [
      "ECS_RESERVED_PORTS",
      "22,80",
      'must be JSON: a list of ports; received "22,80". For example [22,8080], without quotes around it. The agent ignores other values.',
    ],
    [
      "ECS_RESERVED_PORTS_UDP",
      "[65536]",
      'must be JSON: a list of ports; received "[65536]". For example [22,8080], without quotes around it. The agent ignores other values.',
    ],
    [
      "ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES",
      '["10.0.15.0"]',
      'must be JSON: a list of networks; received "[\\"10.0.15.0\\"]". For example ["10.0.15.0/24"], without quotes around it. The agent does not start with other values.',
    ],
    [
      "ECS_VOLUME_PLUGIN_CAPABILITIES",
      "efsAuth",
      'must be JSON: a list of strings; received "efsAuth". For example ["efsAuth"], without quotes around it. The agent ignores other values.',
    ],
    [
      "ECS_LOG_OPTS",
      '{"tag":1}',
      'must be JSON: an object of strings; received "{\\"tag\\":1}". For example {"team":"a"}, without quotes around it. The agent ignores other values.',
    ],
    ["ECS_LOG_OUTPUT_FORMAT", "xml", 'must be logfmt or json; received "xml". The agent ignores other values.'],
    ["ECS_LOG_MAX_FILE_SIZE_MB", "5MB", 'must be a number of megabytes above 0; received "5MB". For example "5".'],
    [
      "ECS_TASK_METADATA_RPS_LIMIT",
      "100",
      'must be two numbers with a comma; received "100". For example "40,60". The agent ignores other values.',
    ],
  ])("reject %s=%s", (name, value, problem) => {
    expect(problems({ [name]: value })).toEqual([`${name} ${problem}`]);
  });

  it.each([
    ["ECS_POLL_METRIC", "ECS_POLL_METRICS"],
    ["ECS_POOL_METRICS", "ECS_POLL_METRICS"],
    ["ecs_poll_metrics", "ECS_POLL_METRICS"],
    ["NONECS_NUM_CONTAINER_DELETE_PER_CYCLE", "NONECS_NUM_CONTAINERS_DELETE_PER_CYCLE"],
    ["ECS_CLUSTR", "ECS_CLUSTER"],
    ["http_proxi", "HTTP_PROXY"],
  ])("reject the misspelt name %s", (name, near) => {
    expect(problems({ [name]: "x" })).toEqual([
      `${name} must be a variable of the agent; received "${name}". Did you mean "${near}"?`,
    ]);
  });

  it("are passed on with a warning when the library does not know them", () => {
    const variables = { ECS_FROM_A_NEWER_AGENT: "1", ECS_POLL_METRICS: "true" };
    expect(config(variables).environment()).toEqual(expect.arrayContaining(["ECS_FROM_A_NEWER_AGENT=1"]));
    expect(config(variables).warnings).toEqual([
      "agent.variables.ECS_FROM_A_NEWER_AGENT: the library does not know this variable, and passes it on. Check its spelling: https://github.com/aws/amazon-ecs-agent#environment-variables",
    ]);
  });

  it.each(["ECS A", "ECS_A=1", "", "1A"])("reject a name that the agent's file cannot have: %j", (name) => {
    expect(problemsOf(() => config({ [name]: "x" }))).toEqual([
      `options.variables[${JSON.stringify(name)}] must have a name of letters, digits and underscores; received ${JSON.stringify(name)}. The name is part of a line of /etc/ecs/ecs.config.`.replace(
        '["1A"]',
        ".1A",
      ),
    ]);
  });

  it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])("reject AWS credentials: %s", (name) => {
    expect(problems({ [name]: "x" })).toEqual([
      `${name} must not be set, because user data is not secret; received "${name}". Give the permissions to the instance role with instancePolicyArns.`,
    ]);
  });

  it("accept a proxy with the addresses that the agent reaches directly", () => {
    const variables = { HTTP_PROXY: "10.0.0.131:3128", HTTPS_PROXY: "http://proxy.local:3128", NO_PROXY: DIRECT };
    expect(problems(variables)).toEqual([]);
    expect(problems({ ...variables, NO_PROXY: `localhost, ${DIRECT}` })).toEqual([]);
    expect(problems({ ...variables, HTTP_PROXY: hcl`var.proxy`.string, NO_PROXY: hcl`var.direct`.string })).toEqual([]);
    expect(config(variables).environment().slice(4)).toEqual([
      "HTTP_PROXY=10.0.0.131:3128",
      "HTTPS_PROXY=http://proxy.local:3128",
      `NO_PROXY=${DIRECT}`,
    ]);
  });

  it.each(["*", "169.254.0.0/16,/var/run/docker.sock", `localhost , ${DIRECT}`, `fd00::/8,${DIRECT}`])(
    "accept every form of Go for the addresses: %s",
    (direct) => {
      expect(problems({ HTTP_PROXY: "10.0.0.131:3128", NO_PROXY: direct })).toEqual([]);
      expect(problems({ https_proxy: "10.0.0.131:3128", no_proxy: direct })).toEqual([]);
    },
  );

  it("have the same rules in lower case", () => {
    const reason = "The agent reaches instance metadata, the credentials of tasks and Docker directly.";
    expect(problems({ http_proxy: "me:hunter2@proxy.local:3128", no_proxy: "10.0.0.0/8" })).toEqual([
      'http_proxy must be the host and the port of a proxy, without a password; received "…@proxy.local:3128". For example "10.0.0.131:3128". User data is not secret.',
      `no_proxy must contain ${DIRECT} with a proxy; received "10.0.0.0/8". ${reason}`,
    ]);
    expect(config({ no_proxy: DIRECT }).warnings).toEqual([]);
  });

  it.each<[object, string]>([
    [{ HTTP_PROXY: "10.0.0.131:3128" }, "nothing"],
    [{ HTTPS_PROXY: "10.0.0.131:3128", NO_PROXY: "169.254.169.254" }, '"169.254.169.254"'],
  ])("reject a proxy without these addresses: %j", (variables, received) => {
    expect(problems(variables as Record<string, string>)).toEqual([
      `NO_PROXY must contain ${DIRECT} with a proxy; received ${received}. The agent reaches instance metadata, the credentials of tasks and Docker directly.`,
    ]);
  });

  it.each(["http://", ""])("reject a proxy's password, and do not show it: %s", (scheme) => {
    expect(problems({ HTTP_PROXY: `${scheme}me:hunter2@proxy.local:3128`, NO_PROXY: DIRECT })).toEqual([
      `HTTP_PROXY must be the host and the port of a proxy, without a password; received "${scheme}…@proxy.local:3128". For example "10.0.0.131:3128". User data is not secret.`,
    ]);
  });

  it("accept a token in place of a value", () => {
    const token = hcl`var.x`.string;
    expect(problems({ ECS_POLL_METRICS: token, ECS_AVAILABLE_LOGGING_DRIVERS: token })).toEqual([]);
  });

  it("allow privileged containers unless they are disabled", () => {
    const allowed: Readonly<Record<string, string>>[] = [
      {},
      { ECS_DISABLE_PRIVILEGED: "false" },
      { ECS_DISABLE_PRIVILEGED: "true" },
    ];
    expect(allowed.map((variables) => allowsPrivilegedTasks({ variables }))).toEqual([true, true, false]);
  });
});
