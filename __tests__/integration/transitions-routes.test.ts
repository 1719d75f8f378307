import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { type Fixtures, runTerraform } from "../../cli/offline-provider";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  ListenerRule,
  type ListenerRuleProps,
  Secret,
} from "../../src";
import { rulePriority } from "../../src/load-balancing/rule-priority";
import { clusterStack } from "../support/cluster";
import { existingCluster } from "../support/existing-cluster";
import { removeFolders, temporaryFolder } from "../support/handover";
import { servingDuring } from "../support/serving";
import { describeTerraform, type TerraformLab } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

type Services = Readonly<Record<string, Partial<Ec2ServiceProps>>>;
const SMALL: EcsClusterSettings = { keyPair: "none", capacityGuards: false };

/** Returns a version of a cluster with services. */
const shop = (services: Services, settings: EcsClusterSettings = {}) => {
  return () => {
    const stack = clusterStack({ ...SMALL, ...settings });
    for (const [name, props] of Object.entries(services)) {
      new Ec2Service(stack, name, { cluster: stack, image: "web:1", containerPort: 80, ...props });
    }
    return stack;
  };
};
/** Returns a version of services in their own state. */
const team = (id: string, services: Services, clusterName = "ecs") => {
  return () => {
    const stack = new EcsServiceStack(testApp(), id, { values: { clusterName } });
    for (const [name, props] of Object.entries(services)) {
      new Ec2Service(stack, name, { cluster: stack.cluster, image: "web:1", containerPort: 80, ...props });
    }
    return stack;
  };
};

/** Starts a system. `serving` returns who answers requests for a path during some steps. */
async function start(lab: TerraformLab, fixtures: Partial<Fixtures> = {}) {
  const system = await RunningSystem.start(lab, fixtures);
  const serving = async (path: string, steps: () => Promise<unknown>) => {
    const { resources } = await system.session.account();
    const { operations } = await system.during(steps);
    return servingDuring(resources, operations, path);
  };
  return { system, serving };
}

afterAll(removeFolders);

/** A service whose rule also matches the requests of the others. A request must never reach it while these change. */
const EVERYTHING = { paths: ["/*"] };
const [a, b, c] = [{ paths: ["/a*"] }, { paths: ["/b*"] }, { paths: ["/c*"] }];

describeTerraform("the routes of a running system", (lab) => {
  it("follow a service that is renamed in one apply, with a gap", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const state = system.state();
    await state.apply(team("shop", { web: a }));
    const answers = await serving("/a*", () => state.apply(team("shop", { site: a })));
    expect(answers[0]).toBe("web");
    expect(answers).toContain("nobody");
    expect(answers.at(-1)).toBe("site");
  });

  it("follow a service that is renamed in four applies, without a gap", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const state = system.state();
    const version = (services: Services) => team("shop", { ...services, everything: EVERYTHING });
    await state.apply(version({ web: a }));
    const answers = await serving("/a*", async () => {
      const number = rulePriority({ name: "web", ...a });
      await state.apply(version({ web: a, site: { ...a, priority: number + 1 } }));
      await state.apply(version({ web: a, site: { ...a, priority: number - 1 } }));
      await state.apply(version({ site: { ...a, priority: number - 1 } }));
      await state.apply(version({ site: a }));
    });
    expect(answers).toEqual(["web", "site"]);
  });

  it("are exchanged by two services, and rotate among three", async () => {
    const state = (await start(lab, existingCluster())).system.state();
    await state.apply(team("shop", { one: a, two: b, three: c }));
    const exchanged = await state.apply(team("shop", { one: b, two: a, three: c }));
    expect(exchanged.updated).toEqual(["aws_lb_listener_rule.one_rule", "aws_lb_listener_rule.two_rule"]);
    const rotated = await state.apply(team("shop", { one: c, two: b, three: a }));
    expect(rotated.updated).toHaveLength(3);
    expect(rotated).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [] });
  });

  it("move from one service to another", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const state = system.state();
    await state.apply(team("shop", { one: { ...a, routes: { admin: b } }, two: c }));
    const answers = await serving("/b*", async () => {
      const moved = await state.apply(team("shop", { one: a, two: { ...c, routes: { admin: b } } }));
      expect(moved).toMatchObject({
        created: ["aws_lb_listener_rule.two_rule_admin"],
        deleted: ["aws_lb_listener_rule.one_rule_admin"],
      });
    });
    expect(answers.at(-1)).toBe("two");
  });

  it("move from one service to another in four applies, without a gap", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const state = system.state();
    const version = (one: Services[string]["routes"], two: Services[string]["routes"]) =>
      team("shop", { one: { ...a, routes: one }, two: { ...c, routes: two }, everything: EVERYTHING });
    await state.apply(version({ admin: b }, {}));
    const answers = await serving("/b*", async () => {
      const number = rulePriority({ name: "one", ruleId: "rule_admin", ...b });
      await state.apply(version({ admin: b }, { admin: { ...b, priority: number + 1 } }));
      await state.apply(version({ admin: b }, { admin: { ...b, priority: number - 1 } }));
      await state.apply(version({}, { admin: { ...b, priority: number - 1 } }));
      await state.apply(version({}, { admin: b }));
    });
    expect(answers).toEqual(["one", "two"]);
  });

  it("change each condition in place", async () => {
    const state = (await start(lab, existingCluster())).system.state();
    const versions: Services[] = [
      { web: { ...a, methods: ["GET"], headers: { "X-Beta": ["yes"] } } },
      { web: { ...a, methods: ["GET", "HEAD"], headers: { "X-Beta": ["no"], "X-Other": ["1"] } } },
      { web: { ...a, queryStrings: [{ key: "version", value: "2" }, { value: "b?" }], sourceIps: ["10.0.0.0/8"] } },
      { web: { ...a, sourceIps: ["10.0.0.0/8", "2001:db8::/32"] } },
      { web: { pathRegexes: ["^/a[0-9]+$"], hostRegexes: ["^a[.]"], headerRegexes: { A: ["^b"] }, priority: 7 } },
      { web: a },
    ];
    await state.apply(team("shop", versions[0] as Services));
    for (const version of versions.slice(1)) {
      const changes = await state.apply(team("shop", version));
      expect(changes.updated).toEqual(["aws_lb_listener_rule.web_rule"]);
      expect(changes).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [] });
    }
  });

  it("exchange their given priorities in three applies, also after one apply failed", async () => {
    const state = (await start(lab, existingCluster())).system.state();
    const version = (one: number, two: number) =>
      team("shop", { one: { ...a, priority: one }, two: { ...b, priority: two } });
    await state.apply(version(1, 2));
    const failed = await state.expectFailure(version(2, 1), "PriorityInUse: Priority '2' is currently in use");
    expect(failed).toMatchObject({ updated: [], missing: [] });
    await state.apply(version(3, 2));
    await state.apply(version(3, 1));
    await state.apply(version(2, 1));
  });

  it("move with a service to another state, with a gap", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const [cluster, orders] = [system.state(), system.state()];
    await cluster.apply(team("shop", { web: a, other: b }));
    const answers = await serving("/a*", async () => {
      await cluster.apply(team("shop", { other: b }));
      await orders.apply(team("orders", { web: a }));
    });
    expect(answers).toEqual(["web", "nobody", "web"]);
    await cluster.expectNoChanges();
  });
});

describeTerraform("the ports of a running service's routes", (lab) => {
  const sidecars = [{ name: "envoy", image: "envoy:1", containerPort: 9901, portMappings: [{ containerPort: 9902 }] }];
  const admin = { paths: ["/x*"], container: "envoy" };

  it("join, change and leave without a gap of the other route", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const state = system.state();
    await state.apply(team("shop", { web: { ...a, sidecars } }));
    const answers = await serving("/a*", async () => {
      const joined = await state.apply(team("shop", { web: { ...a, sidecars, routes: { admin } } }));
      expect(joined.created).toContain("aws_lb_target_group.web_target_group_envoy_9901");
      expect(joined).toMatchObject({ replaced: [], deleted: [], rejected: [] });
      const slow = { ...admin, slowStartSeconds: 30 };
      const changed = await state.apply(team("shop", { web: { ...a, sidecars, routes: { admin: slow } } }));
      expect(changed.updated).toEqual(["aws_lb_target_group.web_target_group_envoy_9901"]);
      const other = { ...admin, containerPort: 9902 };
      const moved = await state.apply(team("shop", { web: { ...a, sidecars, routes: { admin: other } } }));
      expect(moved).toMatchObject({ replaced: [], rejected: [], missing: ["route ecs-alb:? /x*"] });
      const left = await state.apply(team("shop", { web: { ...a, sidecars } }));
      expect(left.deleted).toContain("aws_lb_target_group.web_target_group_envoy_9902");
      expect(left).toMatchObject({ replaced: [], rejected: [], missing: [] });
    });
    expect(answers).toEqual(["web"]);
  });

  it("change in four applies without a gap", async () => {
    const state = (await start(lab, existingCluster())).system.state();
    const version = (routes: Services[string]["routes"]) => team("shop", { web: { ...a, sidecars, routes } });
    const other = { ...admin, containerPort: 9902 };
    const number = rulePriority({ name: "web", ruleId: "rule_admin", paths: admin.paths });
    await state.apply(version({ admin }));
    const steps: Services[string]["routes"][] = [
      { admin, admin2: { ...other, priority: number + 1 } },
      { admin, admin2: { ...other, priority: number - 1 } },
      { admin2: { ...other, priority: number - 1 } },
      { admin2: other },
    ];
    for (const routes of steps) {
      expect(await state.apply(version(routes))).toMatchObject({ replaced: [], rejected: [], missing: [] });
    }
  });
});

describeTerraform("the actions of a running system's rules", (lab) => {
  const https = { https: true, allowHttpsOutbound: true } as const;
  const ARN = "arn:aws:acm:ap-northeast-2:111122223333:certificate/0a1b";
  type Props = Omit<ListenerRuleProps, "cluster">;
  /** Returns a version of two services, and of a rule beside them. */
  const version =
    (rule: Props | ((one: Ec2Service, other: Ec2Service) => Props), web: Partial<Ec2ServiceProps> = {}) =>
    () => {
      const stack = clusterStack({ ...SMALL, loadBalancer: https, values: { certificateArn: ARN } });
      const service = (name: string, props: Partial<Ec2ServiceProps>) =>
        new Ec2Service(stack, name, { cluster: stack, image: "web:1", containerPort: 80, ...props });
      const [one, other] = [service("web", { ...a, ...web }), service("other", b)];
      new ListenerRule(stack, "old", { cluster: stack, ...(typeof rule === "function" ? rule(one, other) : rule) });
      return stack;
    };
  const jwtValidation = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
  const authenticateCognito = {
    userPoolArn: "arn:aws:cognito-idp:ap-northeast-2:111122223333:userpool/a",
    userPoolClientId: "b",
    userPoolDomain: "shop",
  };
  const weighted = (weight: number, stickinessSeconds?: number) => (one: Ec2Service, other: Ec2Service) => ({
    ...c,
    stickinessSeconds,
    targetGroups: [
      { targetGroupArn: one.targetGroup?.targetGroupArn as string, weight: 100 - weight },
      { targetGroupArn: other.targetGroup?.targetGroupArn as string, weight },
    ],
  });

  it("change in place", async () => {
    const state = (await start(lab)).system.state();
    await state.apply(version({ ...c, redirect: { host: "example.com" } }));
    const steps = [
      version({ ...c, redirect: { path: "/new/#{path}", protocol: "HTTPS", permanent: true } }),
      version({ ...c, fixedResponse: { statusCode: 503, messageBody: "down" } }),
      version({ ...c, fixedResponse: { statusCode: 200 }, jwtValidation }),
      version({ ...c, redirect: { path: "/b" }, authenticateCognito }),
      version(weighted(10)),
      version(weighted(90, 60)),
      version(weighted(90)),
    ];
    for (const step of steps) {
      const changes = await state.apply(step);
      expect(changes).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [], missing: [] });
      expect(changes.updated).toEqual(["aws_lb_listener_rule.old"]);
    }
  });

  it("are created and destroyed beside the rules of services, which stay as they are", async () => {
    const state = (await start(lab, { parameters: { "/idp/client": "hunter2" } })).system.state();
    const url = "https://id.example.com";
    const endpoints = { authorizationEndpoint: url, tokenEndpoint: url, userInfoEndpoint: url, issuer: url };
    const clientSecret = Secret.fromSsmParameter("/idp/client");
    const rules: Props[] = [
      { ...c, redirect: { host: "example.com" } },
      { ...c, fixedResponse: { statusCode: 503, messageBody: "down" } },
      { ...c, redirect: { path: "/" }, authenticateOidc: { ...endpoints, clientId: "shop", clientSecret } },
    ];
    const without = () => {
      const stack = version(rules[0] as Props)();
      stack.node.tryRemoveChild("old");
      return stack;
    };
    await state.apply(without);
    for (const rule of rules) {
      const none = { updated: [], replaced: [], rejected: [], missing: [] };
      const old = ["aws_lb_listener_rule.old"];
      expect(await state.apply(version(rule))).toMatchObject({ ...none, created: old, deleted: [] });
      expect(await state.apply(without)).toMatchObject({ ...none, created: [], deleted: old });
    }
  });

  it("leave the settings of a target group to change in place, except for its protocol version", async () => {
    const state = (await start(lab)).system.state();
    const rule = { ...c, redirect: { host: "example.com" } };
    const steps: Partial<Ec2ServiceProps>[] = [
      { loadBalancingAlgorithmType: "weighted_random", enableAnomalyMitigation: true },
      { loadBalancingAlgorithmType: "round_robin", enableAnomalyMitigation: false, slowStartSeconds: 30 },
      { stickinessSeconds: 60, stickinessCookieName: "A", targetGroupHealth: { dnsMinimumHealthyTargetCount: 2 } },
      { stickinessSeconds: 60, targetGroupHealth: {} },
    ];
    await state.apply(version(rule));
    for (const web of steps) {
      const changes = await state.apply(version(rule, web));
      expect(changes).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [], missing: [] });
      expect(changes.updated).toEqual(["aws_lb_target_group.web_target_group"]);
    }
    const grpc = await state.apply(version(rule, { ...steps[3], protocolVersion: "GRPC" }));
    expect(grpc).toMatchObject({ replaced: ["aws_lb_target_group.web_target_group"], rejected: [] });
  });

  it("join and leave the route of a service in place", async () => {
    const state = (await start(lab)).system.state();
    const rule = { ...c, redirect: { host: "example.com" } };
    await state.apply(version(rule));
    const rewrites = {
      urlRewrite: { regex: "^/a/(.*)$", replace: "/$1" },
      hostHeaderRewrite: { regex: "^.*$", replace: "b" },
    };
    for (const web of [{ jwtValidation }, { authenticateCognito, ...rewrites }, rewrites, {}]) {
      const changes = await state.apply(version(rule, web));
      expect(changes).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [], missing: [] });
      expect(changes.updated).toEqual(["aws_lb_listener_rule.web_rule"]);
    }
  });

  it("add and remove a login whose client secret Terraform reads, in place, and never print the secret", async () => {
    const secretArn = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:idp-a1B2c3";
    const stored = { secret_id: secretArn, secret_string: JSON.stringify({ client: "hunter2" }) };
    const { system } = await start(lab, { existing: { aws_secretsmanager_secret_version: [stored] } });
    const state = system.state();
    const rule = { ...c, redirect: { host: "a.io" } };
    const url = "https://id.example.com";
    const endpoints = { authorizationEndpoint: url, tokenEndpoint: url, userInfoEndpoint: url, issuer: url };
    const clientSecret = Secret.fromSecretsManager(secretArn, { jsonKey: "client" });
    const authenticateOidc = { ...endpoints, clientId: "shop", clientSecret };
    await state.apply(version(rule));
    for (const login of [authenticateOidc, { ...authenticateOidc, sessionTimeoutSeconds: 60 }, undefined]) {
      const changes = await state.apply(version(rule, login && { authenticateOidc: login }));
      expect(changes).toMatchObject({ created: [], deleted: [], replaced: [], rejected: [], missing: [] });
      expect(changes.updated).toEqual(["aws_lb_listener_rule.web_rule"]);
      const { stdout } = await state.terraform.run(["show"]);
      expect(stdout.includes("authenticate_oidc")).toBe(login !== undefined);
      expect(stdout).not.toContain("hunter2");
    }
  });

  it("do not print the client secret in a plan", async () => {
    const state = (await start(lab)).system.state();
    const url = "https://id.example.com";
    const withOidc = () => {
      const stack = version({ ...c, redirect: { host: "a.io" } })();
      const clientSecret = new TerraformVariable(stack, "client_secret", { type: "string", sensitive: true })
        .stringValue;
      const endpoints = { authorizationEndpoint: url, tokenEndpoint: url, userInfoEndpoint: url, issuer: url };
      const authenticateOidc = { ...endpoints, clientId: "shop", clientSecret };
      new ListenerRule(stack, "sso", { cluster: stack, paths: ["/sso*"], redirect: { path: "/" }, authenticateOidc });
      return stack;
    };
    const changes = await state.apply(withOidc, { variables: { client_secret: "hunter2" } });
    expect(changes.created).toContain("aws_lb_listener_rule.sso");
    const { stdout } = await state.terraform.run(["show"]);
    expect(stdout).toContain("authenticate_oidc");
    expect(stdout).not.toContain("hunter2");
  });
});

describeTerraform("a service that moves to the state of another stack", (lab) => {
  it("runs all the time when its resources move between the states first", async () => {
    const { system, serving } = await start(lab, existingCluster());
    const [one, other] = [system.state(), system.state()];
    await one.apply(team("one", { web: a, rest: b }));
    await other.apply(team("other", { api: c }));
    const folder = temporaryFolder();
    const run = async (...args: string[]) => {
      const result = await runTerraform(args, folder, await one.terraform.env());
      expect([result.status, result.stderr]).toEqual([0, ""]);
      return result.stdout;
    };
    const file = (name: string) => join(folder, `${name}.tfstate`);
    const answers = await serving("/a*", async () => {
      for (const [name, { terraform }] of Object.entries({ one, other })) {
        writeFileSync(file(name), (await terraform.run(["state", "pull"])).stdout);
      }
      const addresses = (await run("state", "list", `-state=${file("one")}`)).split("\n");
      for (const address of addresses.filter((line) => /^[^.]+[.]web(_|$)/.test(line))) {
        await run("state", "mv", `-state=${file("one")}`, `-state-out=${file("other")}`, address, address);
      }
      for (const [name, { terraform }] of Object.entries({ one, other })) {
        expect(await terraform.run(["state", "push", file(name)])).toMatchObject({ status: 0 });
      }
      const left = await one.apply(team("one", { rest: b }));
      const joined = await other.apply(team("other", { api: c, web: a }));
      for (const changes of [left, joined]) {
        expect(changes).toMatchObject({ created: [], deleted: [], replaced: [] });
      }
    });
    expect(answers).toEqual(["web"]);
  });
});

describeTerraform("the name of a running cluster", (lab) => {
  it("changes in one apply, also while services have routes", async () => {
    const state = (await start(lab)).system.state();
    const services = { web: a, api: { hosts: ["api.example.com"] }, worker: {} };
    await state.apply(shop(services));
    const renamed = await state.apply(shop(services), { variables: { name: "prod" } });
    expect(renamed.replaced).toContain("aws_lb_target_group.web_target_group");
    expect(renamed.rejected).toEqual([]);
  });

  it("changes while services of another state use it: destroy these, rename, and apply them again", async () => {
    const { system } = await start(lab);
    const [cluster, orders] = [system.state(), system.state()];
    await cluster.apply(shop({ web: a }));
    await orders.apply(team("orders", { orders: b }));
    await orders.destroy();
    await cluster.apply(shop({ web: a }), { variables: { name: "prod" } });
    await orders.apply(team("orders", { orders: b }, "prod"));
    await cluster.expectNoChanges();
  });
});
