import {
  AgentConfig,
  type AgentConfigProps,
  AsgCapacityProvider,
  type AsgCapacityProviderProps,
  Cluster,
  type ClusterProps,
  DefaultVpc,
  EcsOptimizedImage,
  type EcsOptimizedImageProps,
  InstanceRole,
  InstanceTypes,
  KeyPair,
  LaunchTemplate,
  type LaunchTemplateProps,
  PortRange,
  PortRules,
  type PortRulesProps,
  type ReadableStack,
  UserData,
} from "../../src";

/** Properties that replace the defaults of the constructs. */
export interface PartsProps {
  readonly vpc?: { readonly vpcId?: string; readonly subnetIds?: string[] };
  readonly types?: string[];
  readonly cluster?: Partial<ClusterProps>;
  readonly image?: Partial<EcsOptimizedImageProps>;
  readonly rules?: Partial<PortRulesProps>;
  readonly agent?: Partial<AgentConfigProps>;
  readonly template?: Partial<LaunchTemplateProps>;
  readonly capacity?: Partial<AsgCapacityProviderProps>;
}

/** The constructs of a cluster in an empty stack. A getter creates its construct when it is first read. */
export class Parts {
  private readonly created = new Map<string, unknown>();

  constructor(
    readonly stack: ReadableStack,
    private readonly props: PartsProps = {},
  ) {}

  get vpc(): DefaultVpc {
    return this.once("vpc", (id) => new DefaultVpc(this.stack, id, { region: "eu-west-1", ...this.props.vpc }));
  }

  get instanceTypes(): InstanceTypes {
    const instanceTypes = this.props.types ?? ["t3.small", "t3.large"];
    return this.once(
      "types",
      (id) => new InstanceTypes(this.stack, id, { instanceTypes, vpc: this.vpc, region: "eu-west-1" }),
    );
  }

  get cluster(): Cluster {
    return this.once("cluster", (id) => new Cluster(this.stack, id, { name: "prod", ...this.props.cluster }));
  }

  get image(): EcsOptimizedImage {
    return this.once(
      "image",
      (id) => new EcsOptimizedImage(this.stack, id, { instanceTypes: this.instanceTypes, ...this.props.image }),
    );
  }

  get role(): InstanceRole {
    return this.once("role", (id) => new InstanceRole(this.stack, id, { name: "prod", region: "eu-west-1" }));
  }

  get keyPair(): KeyPair {
    return this.once("key", (id) => new KeyPair(this.stack, id, { keyName: "me" }));
  }

  get portRules(): PortRules {
    return this.once(
      "ports",
      (id) =>
        new PortRules(this.stack, id, { name: "prod", vpc: this.vpc, portRange: this.portRange, ...this.props.rules }),
    );
  }

  /** The range of ports in the agent's configuration and in the rules. */
  get portRange(): PortRange {
    const { family = "amazon-linux-2023" } = this.props.image ?? {};
    return family === "bottlerocket" ? PortRange.defaultOf(family) : new PortRange({ from: 40000, to: 50000 });
  }

  get userData(): UserData {
    return this.once("userData", () => {
      const { portRange } = this;
      const { clusterName } = this.cluster;
      const props = { clusterName, portRange, family: this.image.family, spotDraining: this.props.capacity?.spot };
      return new UserData({ agentConfig: new AgentConfig({ ...props, ...this.props.agent }) });
    });
  }

  get launchTemplate(): LaunchTemplate {
    return this.once("template", (id) => {
      const { instanceTypes, image, role, portRules, userData } = this;
      const props = { name: "prod", instanceTypes, image, role, portRules, userData, ...this.props.template };
      return new LaunchTemplate(this.stack, id, props);
    });
  }

  get capacity(): AsgCapacityProvider {
    return this.once("capacity", (id) => {
      const { cluster, launchTemplate } = this;
      return new AsgCapacityProvider(this.stack, id, { cluster, launchTemplate, name: "prod", ...this.props.capacity });
    });
  }

  private once<T>(id: string, create: (id: string) => T): T {
    if (!this.created.has(id)) this.created.set(id, create(id));
    return this.created.get(id) as T;
  }
}
