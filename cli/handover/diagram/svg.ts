import { FONT, type Layout, type PlacedArrow, type PlacedBox } from "./layout";
import { textWidth } from "./text-width";

/** Colours by what is meant; the dark ones apply where the reader's system asks for them. */
const LIGHT = {
  page: "#ffffff",
  text: "#1f2328",
  muted: "#59636e",
  box: "#f6f8fa",
  edge: "#8c959f",
  line: "#d1d9e0",
  frame: "#ffffff",
  traffic: "#0969da",
};
const DARK: typeof LIGHT = {
  page: "#0d1117",
  text: "#f0f6fc",
  muted: "#9198a1",
  box: "#161b22",
  edge: "#6e7681",
  line: "#3d444d",
  frame: "#0d1117",
  traffic: "#4493f8",
};

const style = (colours: typeof LIGHT): string =>
  [
    `.page{fill:${colours.page}}`,
    `.frame{fill:${colours.frame};stroke:${colours.line};stroke-dasharray:5 4}`,
    `.box{fill:${colours.box};stroke:${colours.edge}}`,
    `text{fill:${colours.text}}`,
    `.muted{fill:${colours.muted}}`,
    `.uses{fill:none;stroke:${colours.edge}}`,
    `.usesHead{fill:${colours.edge}}`,
    `.connects{fill:none;stroke:${colours.traffic};stroke-width:2}`,
    `.connectsHead{fill:${colours.traffic}}`,
    `.label{fill:${colours.traffic}}`,
    `.paper{fill:${colours.page}}`,
  ].join("");

/** Draws a layout. Text is text, so that it can be searched and read out. */
export function svgOf(layout: Layout, title: string, description: string): string {
  const legend = 34;
  const [width, height] = [Math.max(layout.width, 460), layout.height + legend];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    "<style>",
    'text{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Helvetica,Arial,sans-serif}',
    style(LIGHT),
    `@media (prefers-color-scheme:dark){${style(DARK)}}`,
    "</style>",
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    ...layout.frames.map(
      ({ x, y, width: w, height: h }) => `<rect class="frame" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`,
    ),
    ...layout.arrows.filter(({ kind }) => kind === "uses").map(arrow),
    ...layout.arrows.filter(({ kind }) => kind === "connects").map(arrow),
    ...layout.frames.flatMap((frame) => frameTitle(frame, layout)),
    ...layout.boxes.flatMap(box),
    ...layout.arrows.flatMap(label),
    ...legendLines(layout.height + 10),
    "</svg>",
    "",
  ].join("\n");
}

/** Left or right, wherever no arrow comes through. */
function frameTitle({ x, y, width, title }: Layout["frames"][number], { arrows }: Layout): string[] {
  const length = textWidth(title, FONT.frame, true);
  const isCrossed = (left: number): boolean =>
    arrows.some(({ points }) =>
      points.some((point, index) => {
        const next = points[index + 1];
        const isInside = point.x > left - 6 && point.x < left + length + 6;
        return (
          next !== undefined && isInside && Math.min(point.y, next.y) < y + 26 && Math.max(point.y, next.y) > y + 4
        );
      }),
    );
  const places = [x + 16, x + width - 16 - length];
  const left = places.find((place) => !isCrossed(place)) ?? x + 16;
  return [
    `<rect class="paper" x="${left - 4}" y="${y + 7}" width="${length + 8}" height="18"/>`,
    `<text class="muted" x="${left}" y="${y + 20}" font-size="${FONT.frame}" font-weight="600">${escaped(title)}</text>`,
  ];
}

function box({ x, y, width, height, title, lines }: PlacedBox): string[] {
  const middle = x + width / 2;
  const top = y + (height - (16 + lines.length * 17)) / 2 + 13;
  return [
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text x="${middle}" y="${top}" font-size="${FONT.title}" font-weight="600" text-anchor="middle">${escaped(title)}</text>`,
    ...lines.map(
      (line, index) =>
        `<text class="muted" x="${middle}" y="${top + 18 + index * 17}" font-size="${FONT.line}" text-anchor="middle">${escaped(line)}</text>`,
    ),
  ];
}

function arrow({ points, kind }: PlacedArrow): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const [before, end] = points.slice(-2);
  const head = before && end ? headAt(before, end) : "";
  return `<path class="${kind}" d="${path}"/><path class="${kind}Head" d="${head}"/>`;
}

/** A marker would need an id and a colour of its own; three points need neither. */
function headAt(before: { x: number; y: number }, { x, y }: { x: number; y: number }): string {
  const [dx, dy] = [Math.sign(x - before.x), Math.sign(y - before.y)];
  const point = (along: number, across: number) => `${x - dx * along - dy * across} ${y - dy * along + dx * across}`;
  return `M${x} ${y}L${point(9, 5)}L${point(9, -5)}Z`;
}

function label({ label: text, labelAt }: PlacedArrow): string[] {
  if (!labelAt) return [];
  const { x, y, width, height } = labelAt;
  return [
    `<rect class="paper" x="${x}" y="${y}" width="${width}" height="${height}"/>`,
    `<text class="label" x="${x + width / 2}" y="${y + 13}" font-size="${FONT.label}" text-anchor="middle">${escaped(text)}</text>`,
  ];
}

const legendLines = (y: number): string[] => [
  `<path class="connects" d="M16 ${y + 6}L44 ${y + 6}"/><path class="connectsHead" d="${headAt({ x: 0, y: y + 6 }, { x: 48, y: y + 6 })}"/>`,
  `<text class="muted" x="56" y="${y + 10}" font-size="12">may connect, with the ports</text>`,
  `<path class="uses" d="M240 ${y + 6}L268 ${y + 6}"/><path class="usesHead" d="${headAt({ x: 0, y: y + 6 }, { x: 272, y: y + 6 })}"/>`,
  `<text class="muted" x="280" y="${y + 10}" font-size="12">uses</text>`,
];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
