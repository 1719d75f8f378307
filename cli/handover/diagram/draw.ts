import { type Graph, instance } from "@viz-js/viz";
import type { Arrow, Box, Diagram } from "./diagram";

/** Each colour, and the one that replaces it where the reader's system asks for dark pages. */
export const COLOURS = {
  page: ["#ffffff", "#0d1117"],
  text: ["#1f2328", "#f0f6fc"],
  muted: ["#57606a", "#adb5bd"],
  frame: ["#afb8c1", "#484f58"],
  connects: ["#0550ae", "#6cb6ff"],
  requests: ["#953800", "#ffa657"],
  uses: ["#6e7781", "#8b949e"],
  network: ["#f6f8fa", "#161b22"],
  balancer: ["#f5f0ff", "#2a1b4d"],
  service: ["#fff4e8", "#3a2108"],
  instance: ["#e9f7ec", "#0b2a15"],
  aws: ["#e8f2fc", "#0c2440"],
} as const;

const light = (name: keyof typeof COLOURS): string => COLOURS[name][0];
/**
 * Graphviz measures texts with its own metrics of Helvetica. They are drawn smaller than that, so that they fit their boxes for readers
 * without Helvetica and Arial too: DejaVu Sans, which most Linux systems have instead, is up to a fifth wider.
 */
const DRAWN = 0.8;
const TITLE = { fontname: "Helvetica", fontsize: 17, fontcolor: light("text") };
const LINE = { fontname: "Helvetica", fontsize: 15, fontcolor: light("muted") };
/** Longer lines continue on the next line, after a space if possible. */
const WRAPPED = /\S.{0,38}(?=\s|$)|\S{1,39}/gu;

/** Graphviz puts a label above its arrow, and close to the border of the frame above. The space keeps it off the border. */
const SPACE = '<tr><td height="10"></td></tr>';

/** Draws a diagram. The same diagram gives the same bytes on every machine. */
export async function svgOf(diagram: Diagram, title: string, description: string): Promise<string> {
  const svg = (await instance()).renderString(graphOf(diagram), { format: "svg" });
  const [day, night] = [0, 1].map(
    (index) => `.edge text,.title text{stroke:${COLOURS.page[index]};stroke-width:2;paint-order:stroke}`,
  );
  const dark = Object.values(COLOURS).map(
    ([from, to]) => `[fill="${from}"]{fill:${to}}[stroke="${from}"]{stroke:${to}}`,
  );
  const head = [
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<style>${day}@media (prefers-color-scheme:dark){${night}${dark.join("")}}</style>`,
  ].join("\n");
  // An arrow can lead over the title of a frame. The titles are drawn last, on a ground of their own, so that they stay readable.
  const titles: string[] = [];
  const withoutTitles = svg.replace(/(class="cluster">.*?)(<text.*?)(?=<\/g>)/gs, (_, start: string, title: string) => {
    titles.push(title);
    return start;
  });
  // The comments name the version of Graphviz.
  return withoutTitles
    .slice(withoutTitles.indexOf("<svg"))
    .replace(/<!--.*?-->\n/gs, "")
    .replace(/(?=<\/g>\n<\/svg>)/, `<g class="title">\n${titles.join("")}</g>\n`)
    .replace(/<svg width="(\d+)pt" height="(\d+)pt"/, '<svg role="img" width="$1" height="$2"')
    .replace(/font-family="[^"]*"/g, 'font-family="Helvetica,Arial,sans-serif"')
    .replace(/font-size="(\d+)\.00"/g, (_, size) => `font-size="${Math.round(size * DRAWN)}"`)
    .replace(/&#(39|45);/g, (_, code) => String.fromCharCode(code))
    .replace(/<svg [^>]*>\n/, (start) => `${start}${head}\n`);
}

function graphOf(diagram: Diagram): Graph {
  const { boxes, frames } = diagram;
  // Graphviz builds columns from the bottom up.
  const nodes = (frame: string | undefined, side?: Box["side"]) =>
    boxes
      .filter((box) => box.frame === frame && box.side === side)
      .map(node)
      .reverse();
  const isFrame = (id: string) => frames.some((frame) => frame.id === id);
  const framesIn = (parent: string | undefined): Graph[] =>
    frames
      .filter((frame) => frame.parent === parent)
      // The arrow of the load balancer enters the cluster at the left, with its ports.
      .map(({ id, title, isColumn }) => ({
        name: `cluster_${id}`,
        graphAttributes: {
          ...{
            ...LINE,
            label: { html: `<b>${labelled(title)}</b>` },
            labeljust: id === "cluster" ? "r" : "l",
            labelloc: "t",
          },
          ...{ style: "rounded", color: light("frame"), margin: 12 },
        },
        subgraphs: [{ graphAttributes: { ...(isColumn && { rank: "same" }) }, nodes: nodes(id) }, ...framesIn(id)],
      }));
  return {
    graphAttributes: {
      ...{ rankdir: "LR", newrank: true, compound: true, nodesep: 0.2, ranksep: 0.45, pad: 0.2 },
      ...{ ...LINE, label: { html: legendOf(diagram) }, labelloc: "b", bgcolor: light("page") },
    },
    nodeAttributes: { ...TITLE, shape: "box", margin: "0.14,0.08", color: light("muted") },
    edgeAttributes: { ...LINE, arrowsize: 0.8 },
    nodes: nodes(undefined),
    subgraphs: [
      { graphAttributes: { rank: "min" }, nodes: nodes(undefined, "left") },
      { graphAttributes: { rank: "max" }, nodes: nodes(undefined, "right") },
      ...framesIn(undefined),
    ],
    edges: [...diagram.arrows].reverse().map(({ from, to, kind, label }) => ({
      ...{ tail: boxIn(from, diagram), head: boxIn(to, diagram) },
      attributes: {
        ...(isFrame(from) ? { ltail: `cluster_${from}` } : {}),
        ...(isFrame(to) ? { lhead: `cluster_${to}` } : {}),
        ...{ color: light(kind), fontcolor: light(kind), penwidth: kind === "uses" ? 1.1 : 1.8 },
        ...(label ? { label: { html: `<table border="0">${SPACE}<tr><td>${labelled(label)}</td></tr></table>` } } : {}),
      },
    })),
  };
}

function node({ id, kind, title, lines, isLookedUp }: Box) {
  const wrapped = lines.flatMap((line) => line.match(WRAPPED) ?? []);
  const texts = [
    `<b>${labelled(title)}</b>`,
    ...wrapped.map((line) => `<font point-size="${LINE.fontsize}" color="${LINE.fontcolor}">${labelled(line)}</font>`),
  ];
  return {
    name: id,
    attributes: {
      ...{ style: `rounded,filled${isLookedUp ? ",dashed" : ""}`, fillcolor: light(kind) },
      label: { html: texts.map((text) => `${text}<br align="left"/>`).join("") },
    },
  };
}

function legendOf({ boxes, arrows }: Diagram): string {
  const entry = (kind: Arrow["kind"], text: string) =>
    arrows.some((arrow) => arrow.kind === kind) ? [`<font color="${light(kind)}">→ ${text}</font>`] : [];
  return [
    ...entry("requests", "sends requests to"),
    ...entry("connects", "may connect, with the ports"),
    ...entry("uses", "uses"),
    ...(boxes.some(({ isLookedUp }) => isLookedUp) ? ["dashed border: looked up, not created"] : []),
  ].join("&#160;".repeat(5));
}

/** The box at which an arrow of a frame points. Graphviz cuts the arrow at the frame's border. */
function boxIn(id: string, { boxes, frames }: Diagram): string {
  const inside = (place: string): string[] => [
    ...boxes.filter(({ id: own, frame }) => own === place || frame === place).map((box) => box.id),
    ...frames.filter(({ parent }) => parent === place).flatMap((frame) => inside(frame.id)),
  ];
  const all = inside(id);
  return all[Math.floor(all.length / 2)] ?? id;
}

/** Text of a label. Graphviz puts names in the place of `\\N` and the like. */
const labelled = (text: string): string => escaped(text.replaceAll("\\", "\\\\"));

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
