import { type Diagram, diagramText } from "../../../../cli/handover/diagram/diagram";
import { Ec2Service, type Ec2ServiceProps, rulePriority } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { requestPath } from "../../../support/diagram";
import { stackJson } from "../../../support/handover";
import { synthesized } from "../../../support/synthesized";

/** The path of a stack that has one, after a change. */
function pathOf(name: string, change: (json: ReturnType<typeof JSON.parse>) => void = () => {}) {
  const json = JSON.parse(JSON.stringify(stackJson(name)));
  change(json);
  const diagram = requestPath(json);
  if (!diagram) throw new Error(`${name} has no request path.`);
  return diagram;
}

const linesOf = (diagram: ReturnType<typeof pathOf>, title: string) =>
  diagram.boxes.filter((box) => box.title === title).map(({ lines }) => lines);

describe("the path of a request", () => {
  it("leads from the URL to each container, rules in the order of their priority", () => {
    const ways = ["users", "threads", "posts"].map((name, index) => {
      const rule = `Rule, priority ${index + 1} (path /api/${name}*)`;
      const target = `Target group (service ${name})`;
      return [
        `${rule} sends requests to Target group (service ${name}, health check /)`,
        `${target} sends requests to Dynamic host port (31000-61000)`,
        `Dynamic host port (31000-61000) sends requests to Container ${name} (port 3000, service ${name})`,
      ];
    });
    expect(diagramText(pathOf("microservices"))).toEqual([
      "URL (output url) sends requests to Listener HTTP 80",
      "Listener HTTP 80 sends requests to Rule, priority 1 (path /api/users*)",
      "Listener HTTP 80 sends requests to Rule, priority 2 (path /api/threads*)",
      "Listener HTTP 80 sends requests to Rule, priority 3 (path /api/posts*)",
      "Listener HTTP 80 sends requests to Default rule (returns 404)",
      ...ways.flat(),
    ]);
  });

  it("leads from the address of a Network Load Balancer to a fixed port, without rules", () => {
    const stack = clusterStack({ loadBalancer: false, networkLoadBalancers: { edge: {} } });
    new Ec2Service(stack, "dns", {
      cluster: stack,
      portMappings: [
        { containerPort: 53, hostPort: 1053, protocol: "udp" },
        { containerPort: 8080, hostPort: 8080 },
      ],
      listeners: {
        dns: { loadBalancer: "edge", port: 53, protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } },
      },
    });
    const diagram = requestPath(synthesized(stack) as never);
    expect(diagram && diagramText(diagram)).toEqual([
      "Address (DNS name of the load balancer) sends requests to Listener UDP 53",
      "Listener UDP 53 sends requests to Target group (service dns, health check port 8080 TCP)",
      "Target group (service dns) sends requests to Host port (1053)",
      "Host port (1053) sends requests to Container dns (port 53, service dns)",
    ]);
  });

  it("groups the steps by load balancer and instances", () => {
    const { frames, boxes } = pathOf("microservices");
    expect(frames.map(({ title }) => title)).toEqual(["Load balancer micro-alb", "EC2 instances"]);
    const [balancer, instances] = frames.map(({ id }) => boxes.filter(({ frame }) => frame === id));
    expect(new Set(balancer?.map(({ title }) => title.replace(/ \d+$/, "")))).toEqual(
      new Set(["Listener HTTP", "Rule, priority", "Target group", "Default rule"]),
    );
    expect(instances).toHaveLength(6);
  });

  it("has each route of a service with all its conditions, on a listener that is looked up", () => {
    const diagram = pathOf("service-stack");
    const admin = { ruleId: "rule_admin", hosts: ["admin.example.com"], paths: ["/orders*"] };
    const [first, second] = [admin, { paths: ["/api/orders*"] }].map((rule) =>
      rulePriority({ name: "orders", ...rule }),
    );
    expect(linesOf(diagram, `Rule, priority ${first}`)).toEqual([["host admin.example.com", "path /orders*"]]);
    expect(linesOf(diagram, `Rule, priority ${second}`)).toEqual([["path /api/orders*"]]);
    expect(linesOf(diagram, "Target group")).toEqual([["service orders", "health check /health"]]);
    expect(linesOf(diagram, "Dynamic host port")).toEqual([["in the cluster's range"]]);
    expect(linesOf(diagram, "Container orders")).toEqual([["port 8080", "service orders"]]);
    expect(linesOf(diagram, "URL")).toEqual([["DNS name of the load balancer"]]);
    expect(diagram.boxes.filter(({ isLookedUp }) => isLookedUp).map(({ title }) => title)).toEqual(["Listener"]);
    expect(diagram.frames.map(({ title }) => title)).toContain("Load balancer (looked up)");
  });

  it("leads to the network interface of a task in awsvpc mode, and to a fixed port of an instance", () => {
    const stack = clusterStack();
    const service = (name: string, props: Partial<Ec2ServiceProps>) =>
      new Ec2Service(stack, name, { cluster: stack, containerPort: 3000, paths: [`/${name}`], ...props });
    service("dynamic", {});
    service("awsvpc", { networkMode: "awsvpc" });
    service("fixed", {
      portMappings: [
        { containerPort: 9000, hostPort: 9100 },
        { containerPort: 3000, hostPort: 8080 },
      ],
    });
    service("host", { networkMode: "host", allowInstanceCredentials: true });
    const text = diagramText(requestPath(synthesized(stack)) as Diagram);
    const targets = text.flatMap(
      (line) => /^Target group \(service (\w+).* sends requests to (.*)$/.exec(line)?.slice(1).join(": ") ?? [],
    );
    expect(targets.sort()).toEqual([
      "awsvpc: Task's network interface",
      "dynamic: Dynamic host port (31000-61000)",
      "fixed: Host port (8080)",
      "host: Host port (3000)",
    ]);
  });

  it("names several load balancers, and the output and the health check of each", () => {
    const stack = clusterStack({ loadBalancers: { inside: { internal: true } }, values: { name: "shop" } });
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, containerPort: 3000, paths: ["/*"], networkMode: "awsvpc" },
      ...{ portMappings: [{ containerPort: 8081 }], healthCheck: { port: 8081, path: "/ready" } },
      routes: { inside: { paths: ["/*"], loadBalancer: "inside" } },
    });
    const text = diagramText(requestPath(synthesized(stack)) as Diagram);
    expect(text).toEqual(
      expect.arrayContaining([
        "URL (output url) sends requests to Listener HTTP 80 of shop-alb",
        "URL (output inside_url) sends requests to Listener HTTP 80 of shop-inside-int",
      ]),
    );
    expect(text.join("\n")).toContain("Target group (service web, health check port 8081 /ready)");
  });

  it("shows the domain names of a certificate, which its variables have", () => {
    const text = diagramText(pathOf("domain")).join("\n");
    expect(text).toContain("URL (*.shop.example.com) sends requests to Listener HTTPS 443");
    expect(linesOf(pathOf("domain"), "URL")).toEqual([["*.shop.example.com", "shop.example.com"]]);
  });

  it("shows the names of DNS records and a listener that redirects", () => {
    const diagram = pathOf("hardened", ({ resource }) => {
      resource.aws_route53_record = {
        own: { name: "shop.example.com", alias: { name: "${aws_lb.load_balancer.dns_name}" } },
      };
      resource.aws_lb_listener.load_balancer_http = {
        load_balancer_arn: "${aws_lb.load_balancer.arn}",
        ...{ protocol: "HTTP", port: 80 },
        default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443" } }],
      };
    });
    expect(linesOf(diagram, "URL")).toEqual([["shop.example.com"]]);
    expect(diagramText(diagram)).toEqual(
      expect.arrayContaining([
        "URL (shop.example.com) sends requests to Listener HTTP 80",
        "Listener HTTP 80 sends requests to Default rule (redirects to HTTPS 443)",
        "URL (shop.example.com) sends requests to Listener HTTPS 443",
      ]),
    );
  });

  it("has a default rule where the listener itself forwards to a service", () => {
    const diagram = pathOf("microservices", ({ resource }) => {
      const target = "${aws_lb_target_group.posts_target_group.arn}";
      resource.aws_lb_listener.load_balancer_http.default_action = [{ type: "forward", target_group_arn: target }];
    });
    expect(diagramText(diagram)).toContain(
      "Default rule sends requests to Target group (service posts, health check /)",
    );
  });

  it("does not guess the priority, or the listener, that only a variable knows", () => {
    const diagram = pathOf("microservices", ({ resource }) => {
      resource.aws_lb_listener_rule.users_rule.priority = "${var.priority}";
      resource.aws_lb_listener_rule.users_rule.listener_arn = "${var.listener_arn}";
    });
    expect(diagramText(diagram)).toContain("Listener sends requests to Rule (path /api/users*)");
  });

  it("writes out other conditions", () => {
    const diagram = pathOf("microservices", ({ resource }) => {
      resource.aws_lb_listener_rule.users_rule.condition = [
        { http_request_method: { values: ["GET", "HEAD"] } },
        { query_string: [{ key: "version", value: "2" }, { value: "*beta*" }] },
        { http_header: { http_header_name: "X-Version", values: ["2", "3"] } },
        { path_pattern: { regex_values: ["^/v[0-9]+"] } },
        { source_ip: { values: ["10.0.0.0/8"] } },
      ];
    });
    expect(linesOf(diagram, "Rule, priority 1")).toEqual([
      [
        ...["method GET or HEAD", "query version=2 or *beta*", "header X-Version: 2 or 3", "path /^/v[0-9]+/"],
        "client 10.0.0.0/8",
      ],
    ]);
  });

  it("writes out what a rule does besides forwarding, and rules without a service", () => {
    const diagram = pathOf("microservices", ({ resource }) => {
      const rules = resource.aws_lb_listener_rule;
      rules.users_rule.action = [{ type: "jwt-validation" }, ...rules.users_rule.action];
      rules.users_rule.transform = [{ type: "url-rewrite" }];
      rules.old = {
        ...{ listener_arn: rules.users_rule.listener_arn, priority: 7 },
        condition: [{ host_header: { values: ["old.io"] } }],
        action: [{ type: "redirect", redirect: { host: "new.io", path: "/a" } }],
      };
      rules.down = { ...rules.old, priority: 8, action: [{ fixed_response: { status_code: "503" } }] };
    });
    expect(linesOf(diagram, "Rule, priority 1")).toEqual([
      ["path /api/users*", "verifies a JSON Web Token", "rewrites the URL"],
    ]);
    expect(linesOf(diagram, "Rule, priority 7")).toEqual([["host old.io", "redirects to new.io /a"]]);
    expect(linesOf(diagram, "Rule, priority 8")).toEqual([["host old.io", "returns 503"]]);
  });

  it("names a target group after its service, or by its own name", () => {
    const diagram = pathOf("microservices", ({ resource }) => {
      const group = resource.aws_lb_target_group.threads_target_group;
      delete group.name_prefix;
      group.name = "threads-v2";
    });
    expect(linesOf(diagram, "Target group").map(([name]) => name)).toEqual([
      ...["service users", "threads-v2", "service posts"],
    ]);
  });

  it("does not exist without a service that has a route", () => {
    expect(requestPath(stackJson("ecs"))).toBeUndefined();
    expect(requestPath(stackJson("gpu"))).toBeUndefined();
  });
});
