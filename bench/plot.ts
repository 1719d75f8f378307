/** A measured point: how many services, and how long. */
export interface Point {
  readonly services: number;
  readonly milliseconds: number;
}

export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly Point[];
}

const WIDTH = 640;
const HEIGHT = 400;
const BOX = { left: 70, right: WIDTH - 20, top: 50, bottom: HEIGHT - 50 };

/** Times against numbers of services, both on logarithmic scales: what is linear has a slope of one at its end. */
export function plot(title: string, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.points);
  const [firstX, lastX] = decades(points.map(({ services }) => services));
  const [firstY, lastY] = decades(points.map(({ milliseconds }) => milliseconds));
  const at = (value: number, first: number, last: number): number => (Math.log10(value) - first) / (last - first);
  const x = (services: number) => round(BOX.left + at(services, firstX, lastX) * (BOX.right - BOX.left));
  const y = (time: number) => round(BOX.bottom - at(time, firstY, lastY) * (BOX.bottom - BOX.top));
  const ticks = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const lines = [
    ...ticks(firstX, lastX).flatMap((value) => [
      `<path class="grid" d="M${x(value)} ${BOX.top}V${BOX.bottom}"/>`,
      text(x(value), BOX.bottom + 18, value.toLocaleString("en"), "middle"),
    ]),
    ...ticks(firstY, lastY).flatMap((value) => [
      `<path class="grid" d="M${BOX.left} ${y(value)}H${BOX.right}"/>`,
      text(BOX.left - 8, y(value) + 4, value >= 1000 ? `${value / 1000} s` : `${value} ms`, "end"),
    ]),
    text((BOX.left + BOX.right) / 2, HEIGHT - 10, "services", "middle"),
    text(WIDTH / 2, 24, title, "middle"),
    ...series.flatMap(({ name, color, points: own }, index) => [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${own.map((p) => `${x(p.services)},${y(p.milliseconds)}`).join(" ")}"/>`,
      ...own.map((p) => `<circle cx="${x(p.services)}" cy="${y(p.milliseconds)}" r="4" fill="${color}"/>`),
      `<circle cx="${BOX.left + 16}" cy="${BOX.top + 16 + index * 20}" r="4" fill="${color}"/>`,
      text(BOX.left + 28, BOX.top + 20 + index * 20, name, "start"),
    ]),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>text{font:13px sans-serif;fill:#333}.grid{stroke:#ddd;fill:none}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${lines.join("\n")}
</svg>
`;
}

/** The powers of ten around values. */
function decades(values: readonly number[]): [number, number] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  return [first, Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))))];
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? "&quot;");

const text = (x: number, y: number, value: string, anchor: string): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(value)}</text>`;
