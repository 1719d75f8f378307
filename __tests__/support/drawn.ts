/** A rectangle of an SVG, in its pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
export type Point = readonly [x: number, y: number];

/** What is where in an SVG that Graphviz wrote. */
export function drawn(svg: string) {
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
  return {
    boxes: of("node"),
    arrows: of("edge"),
    frames: of("cluster"),
    texts: textsIn(svg),
    titles: textsIn(/<g class="title">(.*?)<\/g>/s.exec(svg)?.[1] ?? ""),
  };
}

/** The widths of characters in DejaVu Sans, as shares of the font size, which readers without Helvetica and Arial have. */
const REGULAR: readonly (readonly [width: number, characters: string])[] = [
  [0.32, "'ijlIJ ,."],
  [0.41, "/:;\\|f-()[]t!r"],
  [0.56, '"*_`sz?cL'],
  [0.62, "FkvxyPTYaoe"],
  [0.64, "ESbdghnpqu$0123456789{}"],
  [0.7, "KAVBRXZC"],
  [0.79, "UHNDG&OQ"],
  [0.86, "w#+<=>^~M→"],
];
const BOLD: typeof REGULAR = [
  [0.38, "'ijl /IJ\\|,."],
  [0.5, ":;-f!()[]tr_`"],
  [0.6, '"*?zcs'],
  [0.69, "LvxyakEFTeo"],
  [0.73, "$0123456789hnu{}SYbdgpqCPZ"],
  [0.85, "BAKRVXUGD#+<=>HN^~OQ"],
  [0.92, "&w"],
];
const widthOf = (text: string, isBold: boolean): number =>
  [...text].reduce((sum, one) => sum + ((isBold ? BOLD : REGULAR).find(([, all]) => all.includes(one))?.[0] ?? 1.1), 0);

const TEXT = /<text [^>]*?text-anchor="(\w+)" x="(.*?)" y="(.*?)"[^>]*? font-size="(\d+)"[^>]*>(.*?)<\/text>/g;
const textsIn = (svg: string) =>
  [...svg.matchAll(TEXT)].map(([whole, anchor, x, y, size, escaped = ""]) => {
    const text = unescaped(escaped).replaceAll("\u00a0", " ").trim();
    const width = widthOf(text, whole.includes("bold")) * Number(size);
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
export const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
export const contains = ({ left, right, top, bottom }: Rectangle, [x, y]: Point): boolean =>
  left < x && x < right && top < y && y < bottom;

export const isInside = ({ left, right, top, bottom }: Rectangle, outer: Rectangle): boolean =>
  contains(outer, [left, top]) && contains(outer, [right, bottom]);
export const wider = ({ left, right, top, bottom }: Rectangle, by: number): Rectangle => ({
  ...{ left: left - by, right: right + by, top: top - by, bottom: bottom + by },
});
