export interface Strip {
  /** Inner width in pixels, without the padding on both sides. */
  width: number;
  gap: number;
  /** Where it begins in the window. */
  left: number;
}

/** How far a gap is moved to a bezel at most, as a part of the narrower column beside it. */
const REACH = 0.45;

interface Pin {
  /** The gap behind this column. */
  behind: number;
  at: number;
}

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

/**
 * Widths of columns, so that a gap lies on each bezel that one is near to: a number that a bezel cuts in two is read
 * wrongly. Columns between two bezels share their room by weight.
 */
export function columnWidths(columns: readonly number[], seams: readonly number[], strip: Strip): number[] {
  const { width, gap, left } = strip;
  const room = Math.max(0, width - gap * (columns.length - 1));
  const widths = columns.map((weight) => (room * weight) / Math.max(0.001, sum(columns)));
  const pins = pinsOf(widths, seams, strip);
  let [from, begin] = [0, left];
  const out: number[] = [];
  for (const pin of [...pins, { behind: columns.length - 1, at: left + width + gap / 2 }]) {
    const part = columns.slice(from, pin.behind + 1);
    const inside = Math.max(0, pin.at - gap / 2 - begin - gap * (part.length - 1));
    out.push(...part.map((weight) => (inside * weight) / Math.max(0.001, sum(part))));
    from = pin.behind + 1;
    begin = pin.at + gap / 2;
  }
  return out;
}

function pinsOf(widths: readonly number[], seams: readonly number[], { gap, left }: Strip): Pin[] {
  const pins: Pin[] = [];
  for (const seam of [...seams].sort((one, other) => one - other)) {
    let [best, distance] = [-1, Number.POSITIVE_INFINITY];
    let edge = left;
    for (const [index, width] of widths.slice(0, -1).entries()) {
      const middle = edge + width + gap / 2;
      const reach = REACH * Math.min(width, widths[index + 1] ?? width);
      const away = Math.abs(middle - seam);
      const isFree = index > (pins.at(-1)?.behind ?? -1);
      if (isFree && away <= reach && away < distance) [best, distance] = [index, away];
      edge += width + gap;
    }
    if (best >= 0) pins.push({ behind: best, at: seam });
  }
  return pins;
}
