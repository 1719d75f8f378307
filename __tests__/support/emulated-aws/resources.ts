import { type AccountContents, subnetId } from "../../../cli/offline-provider";
import { EXAMPLE_FIXTURES } from "../examples";

/** The attributes of a resource, or of a block in it. */
export type Values = Readonly<Record<string, unknown>>;

export const text = (values: Values, name: string): string => String(values[name] ?? "");
export const number = (values: Values, name: string): number => Number(values[name] ?? 0);
export const texts = (values: Values, name: string): string[] => ((values[name] ?? []) as unknown[]).map(String);
export const blocks = (values: Values, name: string): Values[] => (values[name] ?? []) as Values[];
export const block = (values: Values, name: string): Values => blocks(values, name)[0] ?? {};

/** Returns the part of an ARN or of a path after the last slash. */
export const lastPart = (path: string): string => path.split("/").at(-1) ?? path;

/** An instance that a group runs. */
export interface Machine {
  readonly id: string;
  readonly group: Values;
  readonly template: Values;
  readonly subnet: string;
  readonly zone: string;
  /** The ARN of the container instance. */
  readonly arn: string;
  readonly cluster: string;
  readonly provider: string;
}

/** The resources of an emulated account in one region, and what AWS would run with them. */
export class Resources {
  readonly machines: readonly Machine[];

  constructor(
    private readonly contents: AccountContents,
    readonly region: string,
  ) {
    this.machines = this.of("aws_ecs_cluster_capacity_providers").flatMap((association) =>
      texts(association, "capacity_providers").flatMap((provider) =>
        this.machinesOf(text(association, "cluster_name"), provider),
      ),
    );
  }

  /** Returns the resources of a type. */
  of(type: string): Values[] {
    return this.contents.resources
      .filter((one) => one.type === type && [this.region, ""].includes(one.region))
      .map(({ values }) => values as Values);
  }

  /** Returns the resources of a type with an attribute. */
  where(type: string, name: string, ...wanted: readonly string[]): Values[] {
    return this.of(type).filter((values) => wanted.includes(text(values, name)));
  }

  zoneOf = (subnet: string): string => this.placeOf(subnet).zone;

  /** Returns the Availability Zone and the VPC of a subnet. */
  placeOf(subnet: string): { readonly zone: string; readonly vpcId: string } {
    const known = EXAMPLE_FIXTURES.existing?.aws_subnet?.find(({ id }) => id === subnet);
    if (known) return { zone: String(known.availability_zone), vpcId: String(known.vpc_id) };
    const vpcs = [
      ...this.of("aws_lb").map((one) => text(one, "vpc_id")),
      ...this.of("aws_security_group").map((one) => text(one, "vpc_id")),
    ];
    const zones = [..."abcdef"].map((letter) => `${this.region}${letter}`);
    const places = zones.flatMap((zone) => vpcs.map((vpcId) => ({ zone, vpcId })));
    const found = places.find(({ zone, vpcId }) => subnetId(vpcId, zone) === subnet);
    if (found === undefined) throw new Error(`No Availability Zone has the subnet ${subnet}.`);
    return found;
  }

  templateOf(group: Values): Values {
    const mixed = block(
      block(block(group, "mixed_instances_policy"), "launch_template"),
      "launch_template_specification",
    );
    const named = { ...mixed, ...block(group, "launch_template") };
    const id = text(named, "launch_template_id") || text(named, "id");
    const [template] = this.where("aws_launch_template", "id", id);
    if (template === undefined) throw new Error(`No launch template has the ID ${id}.`);
    return template;
  }

  /** A group has the instances that it needs. Managed scaling starts one in an empty group. */
  sizeOf(group: Values): number {
    return Math.max(1, number(group, "min_size"), number(group, "desired_capacity"));
  }

  private machinesOf(cluster: string, provider: string): Machine[] {
    const arns = this.where("aws_ecs_capacity_provider", "name", provider).map((one) =>
      text(block(one, "auto_scaling_group_provider"), "auto_scaling_group_arn"),
    );
    return this.where("aws_autoscaling_group", "arn", ...arns).flatMap((group) => {
      const subnets = texts(group, "vpc_zone_identifier");
      return Array.from({ length: this.sizeOf(group) }, (_, index) => {
        const subnet = subnets[index % subnets.length] ?? "";
        const id = `i-${text(group, "name")}-${index}`;
        const arn = `arn:aws:ecs:${this.region}:000000000000:container-instance/${cluster}/${id}`;
        return {
          id,
          group,
          template: this.templateOf(group),
          subnet,
          zone: this.zoneOf(subnet),
          arn,
          cluster,
          provider,
        };
      });
    });
  }
}
