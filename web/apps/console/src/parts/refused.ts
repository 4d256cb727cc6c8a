import { useKnown } from '@yiwang/i18n/i18n.ts';

/** The word's key of a refusal: codes of protocols say whose they are, `hj212.crc`, and share their words. */
export const refusalKey = (code: string): string => code.slice(code.lastIndexOf('.') + 1);

/** Why something was refused, in words; the code itself where the list is older than the server. */
export function useRefused(): (code: string) => string {
  const known = useKnown();
  return (code) => {
    const key = refusalKey(code);
    const words = known('sensing.refusal', key);
    return words === key ? code : words;
  };
}

const ROW_BYTES = 16;

/** Bytes in rows of sixteen, a space between two. */
export function hexRows(hex: string): string[] {
  const bytes = hex.match(/../g) ?? [];
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW_BYTES) rows.push(bytes.slice(at, at + ROW_BYTES).join(' '));
  return rows;
}

/** Reasons with their counts, the commonest first. */
export function byCount(reasons: Record<string, number>): [reason: string, count: number][] {
  return Object.entries(reasons)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
