import { devDependencies, peerDependencies, version } from "../../package.json";
import type { InitOptions } from "./options";

/** Returns the files of a project, except package.json. */
export function projectFiles({ name, region, cdktn = false }: InitOptions): Readonly<Record<string, string>> {
  const cdktf = cdktn ? "cdktn" : "cdktf";
  const library = cdktn ? "ecs-default-vpc/cdktn" : "ecs-default-vpc";
  return {
    ".gitignore": lines("node_modules/", "cdktf.out/", ".terraform/", "*.tfstate*"),
    "cdktf.json": json({ language: "typescript", app: "npx tsx main.ts" }),
    "main.ts": lines(
      `import { App } from "${cdktf}";`,
      'import { createStack } from "./stack.js";',
      "",
      "const app = new App();",
      "createStack(app);",
      "app.synth();",
    ),
    "stack.ts": lines(
      `import type { App } from "${cdktf}";`,
      `import { Ec2Service, EcsClusterStack } from "${library}";`,
      "",
      "/** The stack, which main.ts and the test create. */",
      "export function createStack(app: App): EcsClusterStack {",
      `  const stack = new EcsClusterStack(app, "${name}", { values: { name: "${name}", region: "${region}" } });`,
      '  new Ec2Service(stack, "web", { cluster: stack, image: "public.ecr.aws/docker/library/nginx:1.29", containerPort: 80, paths: ["/*"] });',
      "  return stack;",
      "}",
    ),
    "stack.test.ts": lines(
      'import assert from "node:assert/strict";',
      'import { test } from "node:test";',
      `import { Testing } from "${cdktf}";`,
      'import { planOffline } from "ecs-default-vpc/testing";',
      'import { createStack } from "./stack.js";',
      "",
      'test("the plan has a cluster and a service with a route", async () => {',
      "  const plan = await planOffline(createStack(Testing.app()));",
      `  assert.equal(plan.resource("aws_ecs_cluster.cluster").name, "${name}");`,
      '  assert.equal(plan.ofType("aws_ecs_service").length, 1);',
      '  assert.equal(plan.ofType("aws_lb_listener_rule").length, 1);',
      "});",
    ),
    "tsconfig.json": json({
      compilerOptions: {
        ...{ target: "ES2022", module: "nodenext", moduleResolution: "nodenext", types: ["node"] },
        ...{ strict: true, skipLibCheck: true, isolatedModules: true, noEmit: true },
      },
    }),
  };
}

/** Returns a package.json with what a project needs. What an existing one has stays. */
export function manifestOf(
  existing: Readonly<Record<string, unknown>>,
  { name, cdktn = false }: InitOptions,
): Readonly<Record<string, unknown>> {
  const cli = cdktn ? "cdktn" : "cdktf";
  // A package with a version can be published.
  const isNew = existing.version === undefined && existing.private === undefined;
  const { scripts, dependencies, devDependencies: development, ...others } = existing;
  const libraries = cdktn
    ? { cdktn: "^0.24.0", "@cdktn/provider-aws": "^25.7.0" }
    : { cdktf: peerDependencies.cdktf, "@cdktf/provider-aws": peerDependencies["@cdktf/provider-aws"] };
  return {
    name,
    ...others,
    ...(isNew && { private: true }),
    scripts: {
      synth: `${cli} synth`,
      plan: `${cli} diff`,
      "plan:offline": "ecs-default-vpc plan",
      deploy: `${cli} deploy`,
      destroy: `${cli} destroy`,
      test: "tsc --noEmit && tsx --test *.test.ts",
      ...(scripts as object | undefined),
    },
    dependencies: {
      ...libraries,
      constructs: peerDependencies.constructs,
      "ecs-default-vpc": `^${version}`,
      ...(dependencies as object | undefined),
    },
    devDependencies: {
      "@types/node": `^${devDependencies["@types/node"]}`,
      [`${cli}-cli`]: cdktn ? "^0.24.0" : "^0.21.0",
      tsx: `^${devDependencies.tsx}`,
      typescript: `^${devDependencies["typescript-6"].replace(/^npm:typescript@/, "")}`,
      ...(development as object | undefined),
    },
  };
}

const lines = (...texts: readonly string[]): string => `${texts.join("\n")}\n`;
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
