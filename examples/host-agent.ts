// An agent on each instance, such as Datadog's, with ports for StatsD (8125/udp) and traces. Containers in bridge mode reach it at
// 172.17.0.1, the address of Docker's bridge. In host mode, it can read the credentials of the instance role.
// Use it when an agent must watch each instance and all its containers.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, Secret } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "host-agent", { values: { name: "observed" } });
new Ec2Service(stack, "agent", {
  cluster: stack,
  image: "public.ecr.aws/datadog/agent:7",
  daemon: true,
  networkMode: "host",
  allowInstanceCredentials: true,
  pidMode: "host",
  portMappings: [{ containerPort: 8125, protocol: "udp" }, { containerPort: 8126 }],
  secrets: { DD_API_KEY: Secret.fromSsmParameter("/observed/datadog-api-key") },
  environment: { DD_APM_ENABLED: "true", DD_DOGSTATSD_NON_LOCAL_TRAFFIC: "true" },
  memoryLimitMiB: 512,
  volumes: {
    docker: { hostPath: "/var/run/docker.sock", readOnly: true },
    processes: { hostPath: "/proc", readOnly: true },
    cgroups: { hostPath: "/sys/fs/cgroup", readOnly: true },
  },
  mountPoints: { "/var/run/docker.sock": "docker", "/host/proc": "processes", "/host/sys/fs/cgroup": "cgroups" },
});
new Ec2Service(stack, "shop", {
  cluster: stack,
  containerPort: 3000,
  paths: ["/*"],
  environment: { DD_AGENT_HOST: "172.17.0.1", DD_DOGSTATSD_PORT: "8125" },
});
app.synth();
