import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { type Diagram, diagramText } from "../../../../cli/handover/diagram/diagram";
import { Ec2Service, Secret } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { overview } from "../../../support/diagram";
import { stackJson } from "../../../support/handover";
import { synthesized } from "../../../support/synthesized";

/** A copy that a test can change. */
const copyOf = (name: string) => JSON.parse(JSON.stringify(stackJson(name)));

const boxesIn = ({ boxes }: Diagram, frame: string | undefined) =>
  boxes.filter((box) => box.frame === frame).map(({ title, lines }) => [title, ...lines]);

describe("the overview", () => {
  it("says who connects to what with which ports, and what uses what", () => {
    expect(diagramText(overview(stackJson("ecs")))).toEqual([
      "Clients (var.http_cidrs) connects to Load balancer (ecs-alb): tcp 80",
      "Load balancer (ecs-alb) connects to Auto Scaling group (ecs-instances): tcp 31000-61000",
      "Auto Scaling group (ecs-instances) connects to Internet: all traffic",
      "Auto Scaling group (ecs-instances) uses Instance role (ecs-instance-ap-northeast-2)",
      "Auto Scaling group (ecs-instances) uses Key pair (ecs-…)",
      "Auto Scaling group (ecs-instances) uses ECS-optimized AMI (var.ami_version)",
    ]);
  });

  it("groups the boxes by VPC, cluster, services, instances and AWS services", () => {
    const diagram = overview(stackJson("microservices"));
    expect(diagram.frames.map(({ id, title, parent }) => [id, title, parent])).toEqual([
      ["services", "Services", "cluster"],
      ["instances", "EC2 instances in each zone", "cluster"],
      ["aws", "AWS services", undefined],
      ["cluster", "ECS cluster micro", "vpc"],
      ["vpc", "Default VPC (looked up)", undefined],
    ]);
    expect(boxesIn(diagram, "vpc")).toEqual([["Load balancer", "micro-alb", "HTTP 80"]]);
    expect(boxesIn(diagram, "services")).toEqual([
      ["posts", "path /api/posts*"],
      ["threads", "path /api/threads*"],
      ["users", "path /api/users*"],
      ["worker", "no requests from a load balancer"],
    ]);
    expect(boxesIn(diagram, "instances")).toEqual([
      [
        ...["Auto Scaling group", "micro-instances", "1 to 2 instances", "t2.micro"],
        ...["capacity provider cp-micro", "launch template micro-instance"],
      ],
    ]);
    expect(boxesIn(diagram, "aws").map(([title]) => title)).toEqual(["ECS-optimized AMI", "Instance role", "Key pair"]);
    expect(boxesIn(diagram, undefined)).toEqual([["Clients", "var.http_cidrs", "default: anywhere"], ["Internet"]]);
  });

  it("has a box for a namespace with DNS names, which services with records use", () => {
    const namespace = { name: "shop.internal", type: "DNS_PRIVATE" } as const;
    const stack = clusterStack({ keyPair: "none", defaultCloudMapNamespace: namespace });
    new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, cloudMapOptions: {} });
    const diagram = overview(synthesized(stack) as Parameters<typeof overview>[0]);
    expect(boxesIn(diagram, "aws")).toContainEqual(["Private DNS namespace", "shop.internal"]);
    expect(diagramText(diagram)).toContain(
      "users (no requests from a load balancer) uses Private DNS namespace (shop.internal)",
    );
  });

  it("connects clients to a Network Load Balancer, and the load balancer to the fixed ports of a service", () => {
    const stack = clusterStack({ loadBalancer: false, networkLoadBalancers: { edge: {} } });
    new Ec2Service(stack, "dns", {
      cluster: stack,
      portMappings: [53, 8080].map((port) => ({
        containerPort: port,
        hostPort: port,
        protocol: port === 53 ? "udp" : "tcp",
      })),
      listeners: {
        dns: { loadBalancer: "edge", port: 53, protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } },
      },
    });
    const connections = diagramText(overview(synthesized(stack) as Parameters<typeof overview>[0])).filter((line) =>
      /connects to (dns|Load balancer)/.test(line),
    );
    expect(connections).toEqual([
      "Clients (var.dns_dns_listener_cidrs) connects to Load balancer (ecs-edge-nlb): udp 53",
      "Load balancer (ecs-edge-nlb) connects to dns (UDP 53): tcp 8080, udp 53",
    ]);
  });

  it("draws requests from the load balancer to each service that has a route", () => {
    const { arrows } = overview(stackJson("microservices"));
    const requests = arrows.filter(({ from, label }) => from === "aws_lb.load_balancer" && label === undefined);
    expect(requests.map(({ to, kind }) => [to, kind])).toEqual([
      ["aws_ecs_service.posts", "requests"],
      ["aws_ecs_service.threads", "requests"],
      ["aws_ecs_service.users", "requests"],
    ]);
  });

  it("shows port 22 only if a network is admitted by default", () => {
    const json = copyOf("ecs");
    expect(diagramText(overview(json)).join("\n")).not.toContain("22");
    json.variable.ssh_cidrs.default = ["203.0.113.0/24"];
    expect(diagramText(overview(json))).toContain(
      "Networks (var.ssh_cidrs) connects to Auto Scaling group (ecs-instances): tcp 22",
    );
    delete json.variable.ssh_cidrs.default;
    expect(diagramText(overview(json)).join("\n")).toContain("tcp 22");
  });

  it("leads a service to the capacity providers that it names", () => {
    const uses = overview(stackJson("capacity-providers")).arrows.filter(({ from }) =>
      from.startsWith("aws_ecs_service"),
    );
    expect(uses.map(({ from, to }) => [from, to])).toEqual([
      ["aws_ecs_service.queue", "aws_autoscaling_group.x86_capacity"],
      ["aws_ecs_service.web", "aws_autoscaling_group.arm_capacity"],
      ["aws_ecs_service.web", "aws_autoscaling_group.x86_capacity"],
    ]);
  });

  it("marks what the stack looks up", () => {
    const diagram = overview(stackJson("service-stack"));
    expect(diagram.boxes.filter(({ isLookedUp }) => isLookedUp).map(({ title }) => title)).toEqual([
      "Load balancer's listener",
      "Auto Scaling group",
      "SSM parameter",
    ]);
    expect(diagram.frames.map(({ title }) => title)).toContain("ECS cluster (looked up)");
    expect(diagramText(diagram)).toEqual([
      "Load balancer's listener (var.cluster_name) sends requests to orders (path /api/orders*)",
      "orders (path /api/orders*) uses Image repository",
      "orders (path /api/orders*) uses Auto Scaling group (var.cluster_name)",
      "orders (path /api/orders*) uses SSM parameter (/prod/orders/database-url)",
    ]);
  });

  it("shows networks that the code admits without a variable", () => {
    const json = copyOf("ecs");
    const [rule] = Object.values<Record<string, unknown>>(json.resource.aws_vpc_security_group_ingress_rule).filter(
      ({ from_port: port }) => port === 80,
    );
    for (const [cidr, box] of [
      ["0.0.0.0/0", ["Clients", "anywhere (IPv4)"]],
      ["10.0.0.0/8", ["Networks", "10.0.0.0/8"]],
    ]) {
      Object.assign(rule as object, { for_each: undefined, cidr_ipv4: cidr, cidr_ipv6: undefined });
      expect(boxesIn(overview(json), undefined)).toContainEqual(box);
    }
  });

  it("shows the file system among the AWS services, with the port that the instances use", () => {
    const diagram = overview(stackJson("shared-files"));
    expect(boxesIn(diagram, "aws")).toContainEqual(["File system"]);
    const text = diagramText(diagram);
    expect(text).toContain("Auto Scaling group (wiki-files-instances) connects to File system: tcp 2049");
    expect(text).toContain("pages (path /*) uses File system");
  });

  it("shows the strategy of a service's deployments, and each route once", () => {
    const stack = clusterStack();
    const web = { cluster: stack, containerPort: 80, networkMode: "awsvpc" } as const;
    for (const strategy of ["BLUE_GREEN", "LINEAR", "CANARY", "ROLLING"] as const) {
      const path = `/${strategy.toLowerCase()}`;
      new Ec2Service(stack, path.slice(1, 4), { ...web, paths: [path], deployment: { strategy } });
    }
    expect(boxesIn(overview(synthesized(stack)), "services")).toEqual([
      ["blu", "path /blue_green", "blue/green deployments"],
      ["lin", "path /linear", "linear deployments"],
      ["can", "path /canary", "canary deployments"],
      ["rol", "path /rolling"],
    ]);
  });

  it("shows the secrets of the stack, and the EBS volumes of tasks", () => {
    const stack = clusterStack();
    const secret = new SecretsmanagerSecret(stack, "db", { name: "prod/db" });
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, secrets: { URL: Secret.fromSecretsManager(secret) } },
      ...{ volumes: { data: { ebs: { sizeGib: 20 } } }, mountPoints: { "/data": "data" } },
    });
    const diagram = overview(synthesized(stack));
    expect(boxesIn(diagram, "aws")).toContainEqual(["Secret", "prod/db"]);
    expect(boxesIn(diagram, "services")).toEqual([["web", "an EBS volume of 20 GiB for each task"]]);
    expect(diagramText(diagram)).toContain("web (an EBS volume of 20 GiB for each task) uses Secret (prod/db)");
  });

  it("shows the secrets, parameters and buckets that the code names, with what uses each", () => {
    const stack = clusterStack({
      loadBalancer: { accessLogs: { bucket: "lb-logs" } },
      executeCommandS3: { bucketName: "session-logs" },
    });
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, containerPort: 80, environmentFiles: ["arn:aws:s3:::settings/prod/web.env"] },
      secrets: { URL: Secret.fromSecretsManager(arn), KEY: Secret.fromSsmParameter("/prod/key") },
    });
    const text = diagramText(overview(synthesized(stack))).filter((line) => /Secret|SSM|Bucket/.test(line));
    expect(text).toEqual([
      "Load balancer (ecs-alb) uses Bucket (lb-logs)",
      "web (no requests from a load balancer) uses Secret (prod/db)",
      "web (no requests from a load balancer) uses SSM parameter (/prod/key)",
      "web (no requests from a load balancer) uses Bucket (settings)",
      "ECS cluster ecs uses Bucket (session-logs)",
    ]);
  });

  it("shows the VPC endpoints, to which the instances connect", () => {
    const diagram = overview(stackJson("private-instances"));
    const services = "ecr.api, ecr.dkr, ecs, ecs-agent, ecs-telemetry, logs, secretsmanager, ssm, ssmmessages";
    expect(boxesIn(diagram, "vpc")).toContainEqual(["VPC endpoints", services, "gateway: s3"]);
    expect(boxesIn(diagram, undefined).map(([title]) => title)).toEqual(["Clients", "Internet"]);
    expect(diagramText(diagram)).toContain(
      `Auto Scaling group (private-instances) connects to VPC endpoints (${services}, gateway: s3): tcp 443`,
    );
  });

  it("tells the image of the log router from the AMI", () => {
    const titles = boxesIn(overview(stackJson("log-router")), "aws").map(([title]) => title);
    expect(titles).toEqual(expect.arrayContaining(["ECS-optimized AMI", "Log router image"]));
  });

  it("shows the web ACL and the encryption key", () => {
    const diagram = overview(stackJson("hardened"));
    expect(boxesIn(diagram, "vpc")).toEqual([["Load balancer", "hardened-alb", "HTTPS 443", "web ACL hardened"]]);
    const users = diagram.arrows.filter(({ to }) => to === "aws_kms_key.encryption_key").map(({ from }) => from);
    expect(users).toEqual(["aws_autoscaling_group.capacity", "aws_ecr_repository.web_image_repository"]);
  });

  it("does not call a VPC with an ID the default VPC", () => {
    const json = copyOf("ecs");
    json.data.aws_vpcs.vpc.filter = [{ name: "vpc-id", values: ["${var.vpc_id}"] }];
    expect(overview(json).frames.map(({ title }) => title)).toContain("VPC (looked up)");
  });

  it("shows a cluster without services and instances as a box that uses its key", () => {
    const diagram = overview({
      resource: {
        aws_ecs_cluster: { own: { name: "empty", configuration: { kms_key_id: "${aws_kms_key.own.arn}" } } },
        aws_kms_key: { own: {} },
      },
    });
    expect(diagramText(diagram)).toEqual(["ECS cluster empty uses Encryption key"]);
    expect(diagram.boxes.map(({ title }) => title)).toEqual(["Encryption key", "ECS cluster empty"]);
  });

  it("shows a service that has one task on each instance, and a listener that forwards by itself", () => {
    const json = copyOf("microservices");
    json.resource.aws_ecs_service.worker.scheduling_strategy = "DAEMON";
    delete json.resource.aws_lb_listener_rule.posts_rule;
    const target = "${aws_lb_target_group.posts_target_group.arn}";
    json.resource.aws_lb_listener.load_balancer_http.default_action = [{ type: "forward", target_group_arn: target }];
    const services = boxesIn(overview(json), "services");
    expect(services).toContainEqual(["worker", "one task on each instance"]);
    expect(services).toContainEqual(["posts", "all other requests"]);
  });

  it("is empty for a stack without resources", () => {
    expect(overview({})).toEqual({ frames: [], boxes: [], arrows: [] });
  });
});
