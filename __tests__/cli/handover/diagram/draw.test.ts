import type { Diagram } from "../../../../cli/handover/diagram/diagram";
import { COLOURS, svgOf } from "../../../../cli/handover/diagram/draw";
import { overview, requestPath } from "../../../support/diagram";
import { contains, drawn, isInside, overlap, wider } from "../../../support/drawn";
import { stackJson } from "../../../support/handover";
import { withServices } from "../../../support/with-services";

const STACKS: [string, () => unknown][] = [
  ["the default app", () => stackJson("ecs")],
  ["microservices", () => stackJson("microservices")],
  ["two capacity providers", () => stackJson("capacity-providers")],
  ["a service stack", () => stackJson("service-stack")],
  ["a hardened cluster", () => stackJson("hardened")],
  ["shared files", () => stackJson("shared-files")],
  ["VPC endpoints", () => stackJson("private-instances")],
  ["two load balancers", () => stackJson("network-load-balancer")],
  ["ten services", () => withServices(stackJson("ecs"), 10)],
];
const DIAGRAMS = STACKS.flatMap(([name, json]): [string, () => Diagram][] => {
  const path = () => requestPath(json()) as Diagram;
  return [
    [name, () => overview(json())],
    ...(name === "the default app" ? [] : [[`the path of ${name}`, path] as [string, () => Diagram]]),
  ];
});

const svgs = new Map<string, Promise<string>>();
const svgFor = (name: string, diagram: () => Diagram): Promise<string> => {
  const svg = svgs.get(name) ?? svgOf(diagram(), "a title", "a description");
  svgs.set(name, svg);
  return svg;
};

describe.each(DIAGRAMS)("the SVG of %s", (name, diagram) => {
  it("is wider than high, and fits on a screen", async () => {
    const [, width, height] = /^<svg role="img" width="(\d+)" height="(\d+)"/.exec(await svgFor(name, diagram)) ?? [];
    expect(Number(width)).toBeGreaterThan(Number(height));
    expect(Number(width)).toBeLessThanOrEqual(1600);
    expect(Number(height)).toBeLessThanOrEqual(900);
  });

  it("has every box with its texts inside, also in a wider font, and no box on another", async () => {
    const { boxes } = drawn(await svgFor(name, diagram));
    const expected = diagram().boxes;
    expect(boxes.map(({ title }) => title).sort()).toEqual(expected.map(({ id }) => id).sort());
    for (const [index, { title: id, texts, at }] of boxes.entries()) {
      const box = expected.find((other) => other.id === id);
      expect(texts.map(({ text }) => text).join(" ")).toBe([box?.title, ...(box?.lines ?? [])].join(" "));
      for (const { text, left, right, top, bottom } of texts) {
        const ends = [
          [left, top],
          [right, bottom],
        ] as const;
        expect([text, ends.map((end) => contains(at, end))]).toEqual([text, [true, true]]);
      }
      expect(boxes.slice(index + 1).filter((other) => overlap(at, other.at))).toEqual([]);
    }
  });

  it("has every arrow once, and none between others", async () => {
    const { arrows } = drawn(await svgFor(name, diagram));
    const { boxes, frames, arrows: expected } = diagram();
    // Graphviz leads the arrow of a frame to a box in it, and cuts it at the frame's border.
    const inside = (id: string): string[] => [
      ...boxes.filter((box) => box.id === id || box.frame === id).map((box) => box.id),
      ...frames.filter(({ parent }) => parent === id).flatMap((frame) => inside(frame.id)),
    ];
    expect(arrows).toHaveLength(expected.length);
    for (const { from, to } of expected) {
      const ends = inside(from).flatMap((tail) => inside(to).map((head) => `${tail}->${head}`));
      expect(arrows.filter(({ title }) => ends.includes(title)).length).toBeGreaterThan(0);
    }
  });

  it("has no text of a box or a frame on the border of a frame, and each label near its own arrow", async () => {
    const { arrows, frames, boxes, titles } = drawn(await svgFor(name, diagram));
    const texts = [...titles, ...boxes.flatMap((box) => box.texts)];
    expect(titles).toHaveLength(frames.length);
    for (const { title, at } of frames) {
      const crossed = texts.filter((text) => overlap(text, at) && !isInside(text, at));
      expect([title, crossed.map(({ text }) => text)]).toEqual([title, []]);
    }
    for (const { title, texts: labels, points } of arrows) {
      const far = labels.filter((label) => !points.some((point) => contains(wider(label, 50), point)));
      expect([title, far.map(({ text }) => text)]).toEqual([title, []]);
    }
  });

  it("leads no arrow through a text of a box, or through a box that it does not connect", async () => {
    const { arrows, boxes } = drawn(await svgFor(name, diagram));
    const texts = boxes.flatMap((box) => box.texts);
    for (const { title, points } of arrows) {
      expect(texts.filter((text) => points.some((point) => contains(text, point))).map(({ text }) => text)).toEqual([]);
      const others = boxes.filter((box) => !title.split("->").includes(box.title));
      const crossed = others.filter((box) => points.some((point) => contains(box.at, point)));
      expect([title, crossed.map((box) => box.title)]).toEqual([title, []]);
    }
  });

  it("is the same again, after other diagrams", async () => {
    expect(await svgOf(diagram(), "a title", "a description")).toBe(await svgFor(name, diagram));
  });
});

describe("the SVG", () => {
  const box = { id: "own", kind: "aws", title: "own", lines: [] } as const;
  const svgWith = (changes: Partial<Diagram["boxes"][number]>) =>
    svgOf({ frames: [], boxes: [{ ...box, ...changes }], arrows: [] }, 'a <title> & "more"', "a <description>");

  it("names no version, has no comment, and has a title and a description to be read aloud", async () => {
    const svg = await svgFor(...(DIAGRAMS[0] as [string, () => Diagram]));
    expect(svg).not.toMatch(/<!|<\?|graphviz|generated/i);
    expect(await svgWith({})).toContain(
      "<title>a &lt;title&gt; &amp; &quot;more&quot;</title>\n<desc>a &lt;description&gt;</desc>\n",
    );
  });

  it("escapes texts", async () => {
    const svg = await svgWith({ title: "<b>&</b>", lines: ['path /a"b\\N'] });
    expect(drawn(svg).boxes[0]?.texts.map(({ text }) => text)).toEqual(["<b>&</b>", 'path /a"b\\N']);
  });

  it("continues long lines on the next line, after a space if possible", async () => {
    const words = "host a-long-name.example.com or another-name.example.com";
    const svg = await svgWith({ lines: [words, "x".repeat(50)] });
    expect(drawn(svg).boxes[0]?.texts.map(({ text }) => text)).toEqual([
      ...["own", "host a-long-name.example.com or", "another-name.example.com"],
      ...["x".repeat(39), "x".repeat(11)],
    ]);
  });

  it("has a legend of only the shapes that it shows, with dashed boxes for data sources", async () => {
    const legend = async (diagram: Diagram) =>
      drawn(await svgOf(diagram, "", ""))
        .texts.map(({ text }) => text)
        .filter((text) => /^→|dashed/.test(text));
    expect(await legend(overview(stackJson("ecs")))).toEqual([
      ...["→ may connect, with the ports", "→ uses", "dashed border: looked up, not created"],
    ]);
    expect(await legend(requestPath(stackJson("microservices")) as Diagram)).toEqual(["→ sends requests to"]);
    expect(await legend(overview(stackJson("microservices")))).toEqual([
      ...["→ sends requests to", "→ may connect, with the ports", "→ uses", "dashed border: looked up, not created"],
    ]);
    expect(await svgWith({ isLookedUp: true })).toContain("stroke-dasharray");
    expect(await svgWith({})).not.toContain("stroke-dasharray");
  });

  it("replaces every colour on dark pages", async () => {
    const svg = await svgFor(...(DIAGRAMS[1] as [string, () => Diagram]));
    const [, dark = ""] = /@media \(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg) ?? [];
    const used = new Set([...svg.matchAll(/ (?:fill|stroke)="(#\w+)"/g)].map(([, colour]) => colour));
    expect(used.size).toBeGreaterThan(5);
    for (const colour of used) expect(dark).toContain(`[fill="${colour}"]{fill:#`);
  });

  it("draws a ground around the ports of arrows and the titles of frames, in the colour of the page", async () => {
    const svg = await svgFor(...(DIAGRAMS[0] as [string, () => Diagram]));
    const [, day, night] = /<style>(.*?)@media [^{]*\{(.*?\})/.exec(svg) ?? [];
    const rule = (colour: string) => `.edge text,.title text{stroke:${colour};stroke-width:2;paint-order:stroke}`;
    expect([day, night]).toEqual(COLOURS.page.map(rule));
  });

  it("gives each kind of arrow its own colour", () => {
    for (const page of [0, 1] as const) {
      const kinds = ["connects", "requests", "uses"] as const;
      expect(new Set(kinds.map((kind) => COLOURS[kind][page])).size).toBe(3);
    }
  });

  it("has texts that contrast with their grounds on light and on dark pages", () => {
    const grounds = ["page", "network", "balancer", "service", "instance", "aws"] as const;
    for (const page of [0, 1] as const) {
      for (const ground of grounds) {
        for (const text of ["text", "muted"] as const) {
          expect(contrast(COLOURS[text][page], COLOURS[ground][page])).toBeGreaterThan(4.5);
        }
      }
      for (const arrow of ["connects", "requests", "uses"] as const) {
        expect(contrast(COLOURS[arrow][page], COLOURS.page[page])).toBeGreaterThan(4.5);
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
