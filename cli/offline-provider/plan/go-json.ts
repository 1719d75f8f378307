import { isObject, type Value } from "../wire/values";

/**
 * The types of the AWS SDK for a container definition, in Go's notation. The AWS provider decodes `container_definitions`
 * with them. A type that is not a key here is a string or an enumeration of strings.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const STRUCTS: { readonly [struct: string]: { readonly [field: string]: string } } = {
  "types.ContainerDefinition": {
    ...{ Command: "[]string", Cpu: "int32", CredentialSpecs: "[]string", DependsOn: "[]types.ContainerDependency" },
    ...{ DisableNetworking: "bool", DnsSearchDomains: "[]string", DnsServers: "[]string" },
    ...{ DockerLabels: "map[string]string", DockerSecurityOptions: "[]string", EntryPoint: "[]string" },
    ...{ Environment: "[]types.KeyValuePair", EnvironmentFiles: "[]types.EnvironmentFile", Essential: "bool" },
    ...{ ExtraHosts: "[]types.HostEntry", FirelensConfiguration: "types.FirelensConfiguration" },
    ...{
      HealthCheck: "types.HealthCheck",
      Hostname: "string",
      Image: "string",
      Interactive: "bool",
      Links: "[]string",
    },
    ...{ LinuxParameters: "types.LinuxParameters", LogConfiguration: "types.LogConfiguration", Memory: "int32" },
    ...{ MemoryReservation: "int32", MountPoints: "[]types.MountPoint", Name: "string" },
    ...{ PortMappings: "[]types.PortMapping", Privileged: "bool", PseudoTerminal: "bool" },
    ...{ ReadonlyRootFilesystem: "bool", RepositoryCredentials: "types.RepositoryCredentials" },
    ...{ ResourceRequirements: "[]types.ResourceRequirement", RestartPolicy: "types.ContainerRestartPolicy" },
    ...{ Secrets: "[]types.Secret", StartTimeout: "int32", StopTimeout: "int32" },
    ...{ SystemControls: "[]types.SystemControl", Ulimits: "[]types.Ulimit", User: "string" },
    ...{
      VersionConsistency: "types.VersionConsistency",
      VolumesFrom: "[]types.VolumeFrom",
      WorkingDirectory: "string",
    },
  },
  "types.ContainerDependency": { Condition: "types.ContainerCondition", ContainerName: "string" },
  "types.ContainerRestartPolicy": {
    ...{ Enabled: "bool", IgnoredExitCodes: "[]int32", RestartAttemptPeriod: "int32" },
  },
  "types.Device": { ContainerPath: "string", HostPath: "string", Permissions: "[]types.DeviceCgroupPermission" },
  "types.EnvironmentFile": { Type: "types.EnvironmentFileType", Value: "string" },
  "types.FirelensConfiguration": { Options: "map[string]string", Type: "types.FirelensConfigurationType" },
  "types.HealthCheck": {
    ...{ Command: "[]string", Interval: "int32", Retries: "int32", StartPeriod: "int32", Timeout: "int32" },
  },
  "types.HostEntry": { Hostname: "string", IpAddress: "string" },
  "types.KernelCapabilities": { Add: "[]string", Drop: "[]string" },
  "types.KeyValuePair": { Name: "string", Value: "string" },
  "types.LinuxParameters": {
    ...{ Capabilities: "types.KernelCapabilities", Devices: "[]types.Device", InitProcessEnabled: "bool" },
    ...{ MaxSwap: "int32", SharedMemorySize: "int32", Swappiness: "int32", Tmpfs: "[]types.Tmpfs" },
  },
  "types.LogConfiguration": {
    ...{ LogDriver: "types.LogDriver", Options: "map[string]string", SecretOptions: "[]types.Secret" },
  },
  "types.MountPoint": { ContainerPath: "string", ReadOnly: "bool", SourceVolume: "string" },
  "types.PortMapping": {
    ...{ AppProtocol: "types.ApplicationProtocol", ContainerPort: "int32", ContainerPortRange: "string" },
    ...{ HostPort: "int32", Name: "string", Protocol: "types.TransportProtocol" },
  },
  "types.RepositoryCredentials": { CredentialsParameter: "string" },
  "types.ResourceRequirement": { Type: "types.ResourceType", Value: "string" },
  "types.Secret": { Name: "string", ValueFrom: "string" },
  "types.SystemControl": { Namespace: "string", Value: "string" },
  "types.Tmpfs": { ContainerPath: "string", MountOptions: "[]string", Size: "int32" },
  "types.Ulimit": { HardLimit: "int32", Name: "types.UlimitName", SoftLimit: "int32" },
  "types.VolumeFrom": { ReadOnly: "bool", SourceContainer: "string" },
};

/** The place of a value: the fields from the outermost struct on, and the struct with the last field. */
interface Place {
  readonly struct?: string;
  readonly fields: readonly string[];
}

/** Returns the first error of Go's `encoding/json` when it decodes a value into a type, if there is one. */
export function decodingError(value: Value, type: string, place: Place = { fields: [] }): string | undefined {
  const wrong = (what: string) => {
    const { struct, fields } = place;
    const into = struct ? `struct field ${[struct.replace("types.", ""), ...fields].join(".")}` : "value";
    return `json: cannot unmarshal ${what} into Go ${into} of type ${type}`;
  };
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  if (value === null) return undefined;
  if (type.startsWith("[]")) return Array.isArray(value) ? firstOf(value, type.slice(2), place) : wrong(kind);
  if (type === "map[string]string")
    return isObject(value) ? firstOf(Object.values(value), "string", place) : wrong(kind);
  const struct = STRUCTS[type];
  if (struct) {
    if (!isObject(value)) return wrong(kind);
    return first(Object.entries(value), ([key, item]) => {
      // Go ignores the case of keys, and ignores unknown keys.
      const [name, field] = Object.entries(struct).find(([one]) => one.toLowerCase() === key.toLowerCase()) ?? [];
      return name && field ? decodingError(item, field, { struct: type, fields: [...place.fields, name] }) : undefined;
    });
  }
  if (type === "int32") {
    if (typeof value !== "number") return wrong(kind);
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? undefined : wrong(`number ${value}`);
  }
  return kind === (type === "bool" ? "bool" : "string") ? undefined : wrong(kind);
}

const firstOf = (items: readonly Value[], type: string, place: Place): string | undefined =>
  first(items, (item) => decodingError(item, type, place));

function first<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = check(item);
    if (error !== undefined) return error;
  }
  return undefined;
}
