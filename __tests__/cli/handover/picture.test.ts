import { type Json, readConfiguration } from "../../../cli/handover/configuration";
import { type Layout, layoutOf, README_WIDTH, type Rectangle } from "../../../cli/handover/diagram/layout";
import { type Picture, pictureOf } from "../../../cli/handover/diagram/picture";
import { svgOf } from "../../../cli/handover/diagram/svg";
import { textWidth } from "../../../cli/handover/diagram/text-width";
import { pictureText } from "../../../cli/handover/readme/intro";
import { referencesOf } from "../../../cli/handover/references";
import { stackJson } from "../../support/handover";
import { withServices } from "../../support/with-services";

const picture = (json: unknown): Picture => {
  const configuration = readConfiguration(json as Json);
  return pictureOf(configuration, referencesOf(configuration));
};
const ten = () => withServices(stackJson("ecs"), 10);
const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Layouts take their time: each is made once. */
const made = new Map<() => unknown, Promise<Layout>>();
const laidOut = (json: () => unknown): Promise<Layout> => {
  const layout = made.get(json) ?? layoutOf(picture(json()));
  made.set(json, layout);
  return layout;
};
const ecs = () => stackJson("ecs");
const titles = ({ boxes }: Picture) => boxes.map(({ title }) => title);

describe("the picture", () => {
  it("shows what people think in, and no plumbing", () => {
    expect(titles(picture(stackJson("ecs"))).sort()).toEqual([
      ...["Anywhere", "Auto scaling group", "Capacity provider", "Default VPC", "ECS cluster", "ECS-optimized AMI"],
      ...[
        "Instance role",
        "Instance types",
        "Key pair",
        "Launch template",
        "Load balancer",
        "Networks",
        "Networks",
        "Subnets",
      ],
    ]);
  });

  it("tells the same as text: who connects where with which ports, and what uses what", () => {
    expect(pictureText(picture(stackJson("ecs")))).toEqual([
      "Load balancer (ecs-alb) connects to, tcp 31000-61000: Auto scaling group (ecs-instances)",
      "Load balancer (ecs-alb) uses Subnets",
      "ECS cluster (ecs) uses Capacity provider (cp-ecs)",
      "Capacity provider (cp-ecs) uses Auto scaling group (ecs-instances)",
      "Auto scaling group (ecs-instances) connects to, everything: Anywhere",
      "Auto scaling group (ecs-instances) uses Launch template (ecs-instance)",
      "Auto scaling group (ecs-instances) uses Subnets",
      "Launch template (ecs-instance) uses Instance role (ecs-instance-ap-northeast-2)",
      "Launch template (ecs-instance) uses Key pair (ecs-…)",
      "Launch template (ecs-instance) uses ECS-optimized AMI (var.ami_version)",
      "Subnets uses Default VPC",
      "ECS-optimized AMI (var.ami_version) uses Instance types (var.instance_types)",
      "Networks (var.http_cidrs) connects to, tcp 80: Load balancer (ecs-alb)",
      "Networks (var.ssh_cidrs) connects to, tcp 22: Auto scaling group (ecs-instances)",
    ]);
  });

  it("draws a service with how requests get to it, from the listener's load balancer", () => {
    const { boxes, arrows } = picture(stackJson("microservices"));
    const services = boxes.filter(({ frame }) => frame === "services");
    expect(services.map(({ title, lines }) => [title, ...lines])).toEqual([
      ["posts", "/api/posts*"],
      ["threads", "/api/threads*"],
      ["users", "/api/users*"],
      ["worker", "takes no requests"],
    ]);
    const requests = arrows.filter(({ from, kind }) => from === "aws_lb.load_balancer" && kind === "connects");
    expect(requests.map(({ to }) => to)).toEqual([
      "aws_autoscaling_group.capacity",
      ...["posts", "threads", "users"].map((name) => `aws_ecs_service.${name}`),
    ]);
  });

  it("follows the references: without the rule for SSH there is no arrow for it", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    delete json.resource.aws_vpc_security_group_ingress_rule.port_rules_ssh;
    expect(pictureText(picture(json)).join("\n")).not.toContain("ssh_cidrs");
  });

  it("calls a VPC that is named no default one", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.data.aws_vpcs.vpc.filter = [{ name: "vpc-id", values: ["${var.vpc_id}"] }];
    expect(titles(picture(json))).toContain("VPC");
  });
});

describe("the layout", () => {
  const layouts: [string, () => unknown][] = [
    ["the default app", ecs],
    ["ten services", ten],
  ];

  it.each(layouts)("of %s is as wide as a README at most, and nothing lies on anything else", async (_, json) => {
    const layout = await laidOut(json);
    expect(layout.width).toBeLessThanOrEqual(README_WIDTH);
    const { boxes, frames, arrows } = layout;
    for (const [index, box] of boxes.entries()) {
      expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
      expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
      expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
      for (const text of box.lines) expect(textWidth(text, 12)).toBeLessThan(box.width);
    }
    for (const [index, frame] of frames.entries()) {
      expect(frames.slice(index + 1).filter((other) => overlap(frame, other))).toEqual([]);
    }
    const labels = arrows.flatMap(({ labelAt }) => labelAt ?? []);
    for (const label of labels) expect(boxes.filter((box) => overlap(label, box))).toEqual([]);
  });

  it.each(layouts)("of %s leads arrows upright and level, past boxes", async (_, json) => {
    const { arrows, boxes } = await laidOut(json);
    for (const { points, from, to } of arrows) {
      expect(points.length).toBeGreaterThanOrEqual(2);
      for (const [index, point] of points.slice(1).entries()) {
        const before = points[index] as { x: number; y: number };
        expect([point.x === before.x, point.y === before.y]).toContain(true);
        const line = {
          x: Math.min(point.x, before.x),
          y: Math.min(point.y, before.y),
          width: Math.max(1, Math.abs(point.x - before.x)),
          height: Math.max(1, Math.abs(point.y - before.y)),
        };
        const inTheWay = boxes.filter(({ id, frame }) => id !== from && id !== to && frame !== "services");
        expect(inTheWay.filter((box) => overlap(line, box)).map(({ id }) => id)).toEqual([]);
      }
    }
  });

  it("is the same twice", async () => {
    const [one, two] = [await laidOut(ecs), await layoutOf(picture(ecs()))];
    expect(two).toEqual(one);
  });
});

describe("the SVG", () => {
  const draw = (layout: Layout) => svgOf(layout, 'a <title> & "more"', "one. two");

  it("has colours for light and dark, a title to be read out, and no id that differs", async () => {
    const layout = await laidOut(ten);
    const svg = draw(layout);
    expect(draw(layout)).toBe(svg);
    expect(svg).toContain("@media (prefers-color-scheme:dark){");
    expect(svg).toContain('<title id="title">a &lt;title&gt; &amp; &quot;more&quot;</title>');
    expect(svg.startsWith(`<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}"`)).toBe(true);
    for (const name of ["users", "recommendations", "tcp 31000-61000", "/api/search*"])
      expect(svg).toContain(`>${name}<`);
  });

  it("has every colour in both schemes, far enough from its ground to be read", async () => {
    const svg = draw(await laidOut(ecs));
    const [light = "", dark = ""] = svg.split("@media (prefers-color-scheme:dark)");
    const rules = (css: string) => [...css.matchAll(/[.}]?([\w]+)\{[^}]*?(?:fill|stroke):(#[0-9a-f]{6})/g)];
    expect(rules(dark).map(([, name]) => name)).toEqual(rules(light).map(([, name]) => name));
    for (const css of [light, dark]) {
      const colour = (name: string) => rules(css).find(([, found]) => found === name)?.[2] ?? "#000000";
      for (const name of ["text", "muted", "label"]) {
        expect(contrast(colour(name), colour("page"))).toBeGreaterThan(4.5);
        expect(contrast(colour(name), colour("box"))).toBeGreaterThan(4.5);
      }
    }
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
      const channel = Number.parseInt(hex.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
      return sum + weight * (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}
