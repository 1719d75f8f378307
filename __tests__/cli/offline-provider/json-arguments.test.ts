import { policyError, problemsInJson } from "../../../cli/offline-provider/plan/json-arguments";
import { Unknown } from "../../../cli/offline-provider/wire/values";

const decoded = (container: unknown) =>
  problemsInJson("aws_ecs_task_definition", { container_definitions: JSON.stringify(container) }).map(({ summary }) =>
    summary.replace("ECS Task Definition container_definitions is invalid: decoding JSON: json: ", ""),
  );

/** Container definitions, and the errors of Go's decoder. */
const CONTAINERS: readonly (readonly [what: string, container: object, error: string])[] = [
  [
    "a number as the value of a variable",
    {
      environment: [
        { name: "A", value: "x" },
        { name: "B", value: 1 },
      ],
    },
    "cannot unmarshal number into Go struct field KeyValuePair.Environment.Value of type string",
  ],
  [
    "a number as an image",
    { image: 1 },
    "cannot unmarshal number into Go struct field ContainerDefinition.Image of type string",
  ],
  [
    "a string as memory",
    { memory: "256" },
    "cannot unmarshal string into Go struct field ContainerDefinition.Memory of type int32",
  ],
  [
    "a fraction as CPU units",
    { cpu: 0.5 },
    "cannot unmarshal number 0.5 into Go struct field ContainerDefinition.Cpu of type int32",
  ],
  [
    "a string as a port",
    { portMappings: [{ containerPort: "80" }] },
    "cannot unmarshal string into Go struct field PortMapping.PortMappings.ContainerPort of type int32",
  ],
  [
    "a string as a boolean",
    { essential: "true" },
    "cannot unmarshal string into Go struct field ContainerDefinition.Essential of type bool",
  ],
  [
    "a number in a command",
    { command: ["sleep", 60] },
    "cannot unmarshal number into Go struct field ContainerDefinition.Command of type string",
  ],
  [
    "a string as a command",
    { command: "sleep 60" },
    "cannot unmarshal string into Go struct field ContainerDefinition.Command of type []string",
  ],
  [
    "a number as a log option",
    { logConfiguration: { logDriver: "awslogs", options: { "max-buffer-size": 10 } } },
    "cannot unmarshal number into Go struct field LogConfiguration.LogConfiguration.Options of type string",
  ],
  [
    "a boolean as a log driver",
    { logConfiguration: { logDriver: true } },
    "cannot unmarshal bool into Go struct field LogConfiguration.LogConfiguration.LogDriver of type types.LogDriver",
  ],
  [
    "a list as a health check",
    { healthCheck: ["CMD"] },
    "cannot unmarshal array into Go struct field ContainerDefinition.HealthCheck of type types.HealthCheck",
  ],
  [
    "a number as a system control",
    { systemControls: [{ namespace: "net.core.somaxconn", value: 1024 }] },
    "cannot unmarshal number into Go struct field SystemControl.SystemControls.Value of type string",
  ],
];

describe("container definitions", () => {
  it.each(CONTAINERS)("are rejected with %s, as the AWS provider does", (_, container, error) => {
    expect(decoded([container])).toEqual([error]);
  });

  it("are rejected when they are not a list, or not JSON", () => {
    expect(decoded({ name: "web" })).toEqual([
      "cannot unmarshal object into Go value of type []types.ContainerDefinition",
    ]);
    const [problem] = problemsInJson("aws_ecs_task_definition", { container_definitions: "[" });
    expect(problem?.summary).toMatch(/^ECS Task Definition container_definitions is invalid: decoding JSON: /);
    expect(problem?.path).toEqual(["container_definitions"]);
  });

  it("are accepted with null, with keys that Go does not know, and with keys in another case", () => {
    expect(decoded([{ name: "web", memory: null, Image: "web:1", comment: 1 }])).toEqual([]);
    expect(problemsInJson("aws_ecs_task_definition", { container_definitions: Unknown.VALUE })).toEqual([]);
  });
});

describe("a policy", () => {
  const POLICIES: readonly (readonly [text: string, error: string | RegExp])[] = [
    ["", '"policy" is an empty string, which is not a valid JSON value'],
    [' {"Statement":[]}', '"policy" contains an invalid JSON policy: leading space characters are not allowed'],
    ['"{}"', '"policy" contains an invalid JSON policy: contains a JSON-encoded string, not a JSON-encoded object'],
    ["[]", '"policy" contains an invalid JSON policy: contains a JSON array, not a JSON object'],
    ["x", '"policy" contains an invalid JSON policy: not a JSON object'],
    ["{", /^"policy" contains an invalid JSON policy: /],
  ];

  it.each(POLICIES)("is rejected by the AWS provider: %j", (policy, error) => {
    const [problem, another] = problemsInJson("aws_iam_role_policy", { policy });
    expect(problem?.summary).toEqual(typeof error === "string" ? error : expect.stringMatching(error));
    expect(another).toBeUndefined();
  });

  const statement = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" };
  it.each([
    [{ ...statement, Resource: 1 }],
    [{ ...statement, Action: ["s3:GetObject", 1] }],
    [{ ...statement, Effect: "Yes" }],
    ["statement"],
  ])("is rejected by AWS at apply: %j", (given) => {
    const policy = JSON.stringify({ Statement: [statement, given] });
    expect(problemsInJson("aws_iam_role_policy", { policy })).toEqual([]);
    expect(policyError("aws_iam_role_policy", { policy })).toBe("MalformedPolicyDocument: Syntax errors in policy.");
  });

  it("is accepted with one statement or several", () => {
    for (const Statement of [statement, [statement, statement]]) {
      expect(policyError("aws_iam_role", { assume_role_policy: JSON.stringify({ Statement }) })).toBeUndefined();
    }
  });

  it("is not validated in an argument for any JSON", () => {
    expect(problemsInJson("aws_cloudwatch_dashboard", { dashboard_body: "{}" })).toEqual([]);
    const [problem] = problemsInJson("aws_cloudwatch_dashboard", { dashboard_body: "{" });
    expect(problem?.summary).toMatch(/^"dashboard_body" contains an invalid JSON: /);
  });
});
