import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';

interface Lines {
  count: number;
  /** Pixels; every line is as high. */
  height: number;
  /** The line that the keys are at, -1 for none. */
  current: number;
  scroller: RefObject<HTMLDivElement | null>;
  keyOf?: (index: number) => string | number;
}

/** How many lines above and below those in sight are drawn. */
const AROUND = 12;

/**
 * A long list of which only the lines in sight are drawn, and the current one wherever it is: `aria-activedescendant`
 * must name an element that exists, also when newer lines have pushed it out of sight.
 */
export function useLines({
  count,
  height,
  current,
  scroller,
  keyOf,
}: Lines): Virtualizer<HTMLDivElement, Element> {
  return useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    ...(keyOf ? { getItemKey: keyOf } : {}),
    overscan: AROUND,
    rangeExtractor: (range) => withLine(defaultRangeExtractor(range), current),
  });
}

/** `lines` in their order, with `line` among them unless it is negative. */
export function withLine(lines: number[], line: number): number[] {
  if (line < 0 || lines.includes(line)) return lines;
  return [...lines, line].sort((a, b) => a - b);
}
