import { type Configuration, type Fixtures, INSTANCE_TYPES, imageId } from "../../cli/offline-provider";
import { reading, readings } from "../support/reading";
import { describeTerraform } from "../support/terraform";

const AL2023 = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";

describeTerraform("data sources that AWS would reject", (lab) => {
  const rejections: [string, Configuration, RegExp, Partial<Fixtures>?][] = [
    [
      "an instance type that the region does not offer",
      reading("aws_ec2_instance_type", { instance_type: "t2.micro" }, "@.id"),
      /InvalidInstanceType: The following supplied instance types do not exist: \[t2\.micro\]/,
      { zones: ["b", "d"], instanceTypes: INSTANCE_TYPES },
    ],
    ["a parameter that does not exist", reading("aws_ssm_parameter", { name: "/nope" }, "@.arn"), /ParameterNotFound/],
    [
      "a parameter of an image that the fixtures remove",
      reading("aws_ssm_parameter", { name: AL2023 }, "@.arn"),
      /ParameterNotFound/,
      { parameters: { [AL2023]: null } },
    ],
    [
      "a filter without values",
      reading("aws_subnets", { filter: [{ name: "vpc-id", values: [] }] }, "@.ids"),
      /'vpc-id' of aws_subnets has no values/,
    ],
    [
      "a filter that EC2 does not have",
      reading("aws_vpcs", { filter: [{ name: "vpcid", values: ["x"] }] }, "@.ids"),
      /The filter 'vpcid' is invalid/,
    ],
    [
      "a load balancer that does not exist",
      reading("aws_lb", { name: "web" }, "@.arn"),
      /no aws_lb matched name = "web"/,
    ],
    [
      "a VPC when several match",
      reading("aws_vpc", {}, "@.id"),
      /multiple aws_vpc matched its filters/,
      { otherVpcs: ["vpc-1"] },
    ],
    ["a data source without an answer", reading("aws_eip", {}, "@.id"), /no answer for the data source type aws_eip/],
    [
      "a data source with an error in the fixtures",
      reading("aws_vpcs", {}, "@.ids"),
      /UnauthorizedOperation: no/,
      { answers: { aws_vpcs: { error: "UnauthorizedOperation: no" } } },
    ],
  ];

  // The cases of one account share a plan.
  const accountOf = (fixtures: Partial<Fixtures> = {}) => JSON.stringify(fixtures);
  const errors = new Map<string, string>();
  beforeAll(async () => {
    for (const account of new Set(rejections.map(([, , , fixtures]) => accountOf(fixtures)))) {
      const cases = rejections.filter(([, , , fixtures]) => accountOf(fixtures) === account);
      const configuration = readings(cases.map(([, one]) => one));
      const { stderr } = await (await lab.terraform({ configuration, fixtures: JSON.parse(account) })).plan();
      const messages = stderr.replace(/^[│╷╵] ?/gm, "").split(/^Error: /m);
      for (const [index, [what]] of cases.entries()) {
        const own = messages.filter((text) => new RegExp(`with data\\.\\w+\\.x_${index},`).test(text));
        errors.set(what, own.join(" ").replace(/\s+/g, " "));
      }
    }
  });

  it.each(rejections)("reports %s", (what, _, message) => {
    expect(errors.get(what)).toMatch(message);
  });

  it("hides the value of a parameter in a plan, and shows its insecure value", async () => {
    const { output: _, ...configuration } = reading("aws_ssm_parameter", { name: AL2023 }, "@.arn");
    const template = (attribute: string) => ({ image_id: `\${data.aws_ssm_parameter.x.${attribute}}` });
    const terraform = await lab.terraform({
      configuration: {
        ...configuration,
        resource: { aws_launch_template: { a: template("value"), b: template("insecure_value") } },
      },
    });
    const { stdout } = await terraform.plan();
    expect(stdout).toMatch(/"a" \{[^}]* image_id += +\(sensitive value\)/);
    expect(stdout).toMatch(new RegExp(`"b" \\{[^}]* image_id +=  *"${imageId(AL2023)}"`));
  });

  it("rejects an unknown fixture", async () => {
    const misspelt = { hasDefaultVPC: false } as Partial<Fixtures>;
    await expect(lab.terraform({ configuration: {}, fixtures: misspelt })).rejects.toThrow(
      "Unknown fixture hasDefaultVPC.",
    );
  });
});
