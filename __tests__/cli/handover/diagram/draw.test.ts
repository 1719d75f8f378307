import type { Diagram } from "../../../../cli/handover/diagram/diagram";
import { bundled, COLOURS, svgOf } from "../../../../cli/handover/diagram/draw";
import { overview, requestPath } from "../../../support/diagram";
import { stackJson } from "../../../support/handover";
import { withServices } from "../../../support/with-services";

const STACKS: [string, () => unknown][] = [
  ["the default app", () => stackJson("ecs")],
  ["microservices", () => stackJson("microservices")],
  ["two capacity providers", () => stackJson("capacity-providers")],
  ["a service stack", () => stackJson("service-stack")],
  ["a hardened cluster", () => stackJson("hardened")],
  ["shared files", () => stackJson("shared-files")],
  ["ten services", () => withServices(stackJson("ecs"), 10)],
];
const DIAGRAMS = STACKS.flatMap(([name, json]): [string, () => Diagram][] => {
  const path = () => requestPath(json()) as Diagram;
  return [
    [name, () => overview(json())],
    ...(name === "the default app" ? [] : [[`the path of ${name}`, path] as [string, () => Diagram]]),
  ];
});

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
type Point = readonly [x: number, y: number];

/** What is where in an SVG that Graphviz wrote. */
function drawn(svg: string) {
  const groups = [...svg.matchAll(/<g id="\w+" class="(node|edge|cluster)">\n<title>(.*?)<\/title>\n(.*?)<\/g>/gs)];
  const of = (kind: string) =>
    groups
      .filter(([, found]) => found === kind)
      .map(([, , title = "", body = ""]) => ({
        title: unescaped(title),
        texts: textsIn(body),
        points: pointsOf(/<path [^>]*d="([^"]*)"/.exec(body)?.[1] ?? ""),
      }))
      .map((found) => ({ ...found, at: around(found.points) }));
  return { boxes: of("node"), arrows: of("edge"), frames: of("cluster"), texts: textsIn(svg) };
}

/** About the width of a text in Helvetica and Arial. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + (/[ijlft.,:/*'() -]/.test(character) ? 0.33 : 0.57), 0);

const TEXT = /<text [^>]*?text-anchor="(\w+)" x="(.*?)" y="(.*?)"[^>]*? font-size="(\d+)"[^>]*>(.*?)<\/text>/g;
const textsIn = (svg: string) =>
  [...svg.matchAll(TEXT)].map(([, anchor, x, y, size, escaped = ""]) => {
    const text = unescaped(escaped).replaceAll("\u00a0", " ").trim();
    const width = widthOf(text) * Number(size);
    const left = Number(x) - (anchor === "middle" ? width / 2 : 0);
    return { text, left, right: left + width, top: Number(y) - Number(size) * 0.7, bottom: Number(y) };
  });

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** Points on a path of Bézier curves, close to each other. */
function pointsOf(path: string): Point[] {
  const numbers = [...path.matchAll(/-?[\d.]+/g)].map(Number);
  const points = numbers.flatMap((x, index): Point[] => (index % 2 === 0 ? [[x, numbers[index + 1] ?? 0]] : []));
  return points.flatMap((_, index) => {
    const [a, b, c, d] = points.slice(index, index + 4);
    if (index % 3 !== 0 || !a || !b || !c || !d) return [];
    return Array.from({ length: 21 }, (_, step): Point => {
      const t = step / 20;
      const at = (axis: 0 | 1) =>
        a[axis] * (1 - t) ** 3 + 3 * b[axis] * t * (1 - t) ** 2 + 3 * c[axis] * t ** 2 * (1 - t) + d[axis] * t ** 3;
      return [at(0), at(1)];
    });
  });
}

const around = (points: readonly Point[]): Rectangle => {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};
const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const contains = ({ left, right, top, bottom }: Rectangle, [x, y]: Point): boolean =>
  left < x && x < right && top < y && y < bottom;

const isInside = ({ left, right, top, bottom }: Rectangle, outer: Rectangle): boolean =>
  contains(outer, [left, top]) && contains(outer, [right, bottom]);
const wider = ({ left, right, top, bottom }: Rectangle, by: number): Rectangle => ({
  ...{ left: left - by, right: right + by, top: top - by, bottom: bottom + by },
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
    expect(Number(width)).toBeLessThanOrEqual(1400);
    expect(Number(height)).toBeLessThanOrEqual(800);
  });

  it("has every box with its texts inside, and no box on another", async () => {
    const { boxes } = drawn(await svgFor(name, diagram));
    const expected = diagram().boxes;
    expect(boxes.map(({ title }) => title).sort()).toEqual(expected.map(({ id }) => id).sort());
    for (const [index, { title: id, texts, at }] of boxes.entries()) {
      const box = expected.find((other) => other.id === id);
      expect(texts.map(({ text }) => text)).toEqual([box?.title, ...(box?.lines ?? [])]);
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

  it("has every arrow, from its box or frame to its box or frame", async () => {
    const { arrows } = drawn(await svgFor(name, diagram));
    const { boxes, frames } = diagram();
    const inside = (id: string): string[] => [
      ...boxes.filter((box) => box.id === id || box.frame === id).map((box) => box.id),
      ...frames.filter(({ parent }) => parent === id).flatMap((frame) => inside(frame.id)),
    ];
    const expected = bundled(diagram());
    expect(arrows).toHaveLength(expected.length);
    for (const { from, to } of expected) {
      const ends = inside(from).flatMap((tail) => inside(to).map((head) => `${tail}->${head}`));
      expect(arrows.filter(({ title }) => ends.includes(title)).length).toBeGreaterThan(0);
    }
  });

  it("has no text on the border of a frame, and each label near its own arrow", async () => {
    const { arrows, frames, texts } = drawn(await svgFor(name, diagram));
    for (const { title, at } of frames) {
      const crossed = texts.filter((text) => overlap(text, at) && !isInside(text, at));
      expect([title, crossed.map(({ text }) => text)]).toEqual([title, []]);
    }
    for (const { title, texts: labels, points } of arrows) {
      const far = labels.filter((label) => !points.some((point) => contains(wider(label, 30), point)));
      expect([title, far.map(({ text }) => text)]).toEqual([title, []]);
    }
  });

  it("leads no arrow through a text or through a box that it does not connect", async () => {
    const { arrows, boxes, texts } = drawn(await svgFor(name, diagram));
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

  it("draws a ground around the ports of arrows, in the colour of the page", async () => {
    const svg = await svgFor(...(DIAGRAMS[0] as [string, () => Diagram]));
    const [, day, night] = /<style>(.*?)@media [^{]*\{(.*?\})/.exec(svg) ?? [];
    const rule = (colour: string) => `.edge text{stroke:${colour};stroke-width:2;paint-order:stroke}`;
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

describe("bundled arrows", () => {
  const boxes = ["a", "b", "c"].map((id) => ({ id, kind: "aws", title: id, lines: [], frame: "all" }) as const);
  const out = { id: "out", kind: "aws", title: "out", lines: [] } as const;
  const arrow = (from: string, to: string) => ({ from, to, kind: "uses" }) as const;
  const diagram = (...arrows: ReturnType<typeof arrow>[]) => ({
    frames: [{ id: "all", title: "all" }],
    boxes: [...boxes, out],
    arrows,
  });

  it("are one arrow where all boxes of a frame share it", () => {
    expect(bundled(diagram(arrow("a", "out"), arrow("b", "out"), arrow("c", "out")))).toEqual([arrow("all", "out")]);
    expect(bundled(diagram(arrow("out", "a"), arrow("out", "b"), arrow("out", "c")))).toEqual([arrow("out", "all")]);
  });

  it("stay separate if one box of the frame has no such arrow", () => {
    const arrows = [arrow("a", "out"), arrow("b", "out")];
    expect(bundled(diagram(...arrows))).toEqual(arrows);
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
