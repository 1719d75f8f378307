/**
 * Widths of Helvetica and Arial in thousandths of the size, from their published metrics: the fonts of whoever looks are
 * unknown, and most that stand in for these are made to the same measure.
 */
const NARROW: { readonly [characters: string]: number } = {
  "ijl'|": 230,
  ' .,:;/!ftI[]()*-"': 320,
  rcksvxyzJ: 510,
  "mMW@%": 860,
  "ABCDEGHKNOPQRSUVXYw&+<>=~": 700,
};
const OTHER = 560;
const WIDTHS = new Map(Object.entries(NARROW).flatMap(([characters, width]) => [...characters].map((c) => [c, width])));

/** How wide a text is in pixels, rather too much than too little. */
export function textWidth(text: string, size: number, isBold = false): number {
  const thousandths = [...text].reduce((sum, character) => sum + Number(WIDTHS.get(character) ?? OTHER), 0);
  return Math.ceil((thousandths * size * (isBold ? 1.1 : 1.03)) / 1000);
}
