import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Arrow } from "./arrows";
import { type Box, FRAMES, type Frame, type Picture } from "./picture";
import { textWidth } from "./text-width";

/** Where everything is, in pixels from the top left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly frames: readonly (Rectangle & { readonly title: string })[];
  readonly arrows: readonly PlacedArrow[];
}
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export type PlacedBox = Box & Rectangle;
export interface PlacedArrow extends Arrow {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly labelAt?: Rectangle;
}

export const FONT = { title: 14, line: 12, label: 12, frame: 12 };
const PADDING = 10;
const LINE = 17;
const GAP = 8;
const FRAME_HEAD = 26;
/** As wide as a README is where it is read: wider, and the text would be scaled down. */
export const README_WIDTH = 830;
const MOST_COLUMNS = 5;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.randomSeed": "1",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.spacing.nodeNode": "18",
  "elk.spacing.edgeNode": "12",
  "elk.spacing.edgeEdge": "10",
  "elk.layered.spacing.nodeNodeBetweenLayers": "26",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.padding": "[top=12,left=12,bottom=12,right=12]",
};

/** Lays a picture out. The same picture gives the same layout on every machine: nothing is measured, nothing is random. */
export async function layoutOf(picture: Picture): Promise<Layout> {
  const services = picture.boxes.filter(({ frame }) => frame === "services");
  for (let columns = Math.min(MOST_COLUMNS, services.length); columns > 1; columns -= 1) {
    const layout = await layoutWith(picture, gridOf(services, columns));
    if (layout.width <= README_WIDTH) return layout;
  }
  return layoutWith(picture, gridOf(services, 1));
}

async function layoutWith(picture: Picture, grid: Grid): Promise<Layout> {
  const sizes = new Map(picture.boxes.map((box) => [box.id, sizeOf(box)]));
  const leaf = (box: Box): ElkNode => ({ id: box.id, ...sizes.get(box.id) });
  const inFrame = (frame: Frame) => picture.boxes.filter((box) => box.frame === frame);
  const frames = (Object.keys(FRAMES) as Frame[]).filter((frame) => FRAMES[frame] !== "" && inFrame(frame).length > 0);
  const children: ElkNode[] = [
    ...picture.boxes.filter(({ frame }) => FRAMES[frame] === "").map(leaf),
    ...frames.map(
      (frame): ElkNode =>
        frame === "services"
          ? { id: frameId(frame), width: grid.width, height: grid.height }
          : {
              id: frameId(frame),
              children: inFrame(frame).map(leaf),
              layoutOptions: { "elk.padding": `[top=${FRAME_HEAD + 8},left=12,bottom=12,right=12]` },
            },
    ),
  ];
  const arrows = bundled(picture.arrows, new Set(grid.boxes.map(({ id }) => id)));
  const edges = arrows.map(
    (arrow, index): ElkExtendedEdge => ({
      id: `e${index}`,
      sources: [arrow.from],
      targets: [arrow.to],
      ...(arrow.label ? { labels: [{ text: arrow.label, ...labelSize(arrow.label) }] } : {}),
    }),
  );
  const root = await new ELK().layout({ id: "root", layoutOptions: OPTIONS, children, edges });
  return placed(root, picture, arrows, grid);
}

const frameId = (frame: Frame): string => `frame:${frame}`;
const labelSize = (text: string) => ({ width: textWidth(text, FONT.label) + 8, height: LINE });

/** Ten services side by side would be unreadable, and all are used alike: they stand in rows, and share their arrows. */
function bundled(arrows: readonly Arrow[], services: ReadonlySet<string>): Arrow[] {
  const end = (id: string): string => (services.has(id) ? frameId("services") : id);
  const unique = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const joined = { ...arrow, from: end(arrow.from), to: end(arrow.to) };
    if (joined.from !== joined.to) unique.set(JSON.stringify(joined), joined);
  }
  return [...unique.values()];
}

function sizeOf({ title, lines }: Box): { width: number; height: number } {
  const widths = [textWidth(title, FONT.title, true), ...lines.map((line) => textWidth(line, FONT.line))];
  return {
    width: Math.ceil(Math.max(84, ...widths) + 2 * PADDING),
    height: 2 * PADDING + 16 + lines.length * LINE - 2,
  };
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
}

function gridOf(boxes: readonly Box[], columns: number): Grid {
  const sizes = boxes.map(sizeOf);
  const width = Math.max(0, ...sizes.map((size) => size.width));
  let y = FRAME_HEAD + 8;
  const result: PlacedBox[] = [];
  for (let from = 0; from < boxes.length; from += columns) {
    const height = Math.max(...sizes.slice(from, from + columns).map((size) => size.height));
    for (const [column, box] of boxes.slice(from, from + columns).entries()) {
      result.push({ ...box, x: 12 + column * (width + GAP), y, width, height });
    }
    y += height + GAP;
  }
  return { width: 24 + columns * (width + GAP) - GAP, height: y - GAP + 12, boxes: result };
}

function placed(root: ElkNode, picture: Picture, arrows: readonly Arrow[], grid: Grid): Layout {
  const nodes = new Map<string, Rectangle>();
  const walk = (node: ElkNode): void => {
    nodes.set(node.id, rectangle(node));
    for (const child of node.children ?? []) walk(child);
  };
  walk(root);
  const edges = new Map<string, ElkExtendedEdge>();
  const collect = (node: ElkNode): void => {
    for (const edge of node.edges ?? []) edges.set(edge.id, edge as ElkExtendedEdge);
    for (const child of node.children ?? []) collect(child);
  };
  collect(root);
  const services = nodes.get(frameId("services"));
  const inGrid = new Map(grid.boxes.map((box) => [box.id, box]));
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    boxes: picture.boxes.map((box) => {
      const cell = inGrid.get(box.id);
      if (cell && services) return { ...cell, x: round(services.x + cell.x), y: round(services.y + cell.y) };
      return { ...box, ...(nodes.get(box.id) as Rectangle) };
    }),
    frames: (Object.keys(FRAMES) as Frame[]).flatMap((frame) => {
      const at = nodes.get(frameId(frame));
      return at ? [{ ...at, title: FRAMES[frame] }] : [];
    }),
    arrows: arrows.map((arrow, index) => placedArrow(arrow, edges.get(`e${index}`))),
  };
}

function placedArrow(arrow: Arrow, edge: ElkExtendedEdge | undefined): PlacedArrow {
  const [section] = edge?.sections ?? [];
  const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
  const [label] = edge?.labels ?? [];
  return {
    ...arrow,
    points: straightened(points),
    ...(label ? { labelAt: rectangle(label) } : {}),
  };
}

/** Rounding and the frames' own coordinates leave lines a little off: they are upright or level again. */
function straightened(points: readonly { readonly x: number; readonly y: number }[]): PlacedArrow["points"] {
  const result: { x: number; y: number }[] = [];
  for (const point of points) {
    const before = result.at(-1);
    const [x, y] = [round(point.x), round(point.y)];
    const isNear = (a: number, b: number) => Math.abs(a - b) <= 2;
    result.push({ x: before && isNear(before.x, x) ? before.x : x, y: before && isNear(before.y, y) ? before.y : y });
  }
  return result;
}

/** Half a pixel is enough; more digits would only differ where arithmetic does. */
const round = (value: number): number => Math.round(value * 2) / 2;

const rectangle = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle => ({
  x: round(x),
  y: round(y),
  width: round(width),
  height: round(height),
});
