import type { Thing } from './things.ts';

// A spreadsheet would run what begins with one of these.
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The list as a table that spreadsheets open; the mark at its beginning tells them that it is UTF-8. */
export function csvOf(
  head: readonly string[],
  things: readonly Thing[],
  layer: (code: string) => string,
): string {
  const rows = things.map((one) => [
    layer(one.layer),
    one.name,
    one.note,
    [one.mark, one.state].filter(Boolean).join(' '),
    one.lon.toFixed(6),
    one.lat.toFixed(6),
  ]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Hands a text over as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
