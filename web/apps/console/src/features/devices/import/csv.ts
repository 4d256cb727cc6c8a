/** One record of a table, with the line that it begins on. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

const DELIMITERS = [',', '\t', ';'] as const;

/** Whatever parts the first line most often; tables copied out of a spreadsheet have tabs. */
export function delimiterOf(text: string): string {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const count = (sign: string) => first.split(sign).length;
  return DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** A table in text (RFC 4180): cells in quotes may hold the delimiter, line ends and doubled quotes. */
export function readCsv(source: string): CsvRecord[] {
  const text = source.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(text);
  const records: CsvRecord[] = [];
  let [line, begun, cell, isQuoted] = [1, 1, '', false];
  let cells: string[] = [];
  const endCell = () => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRecord = () => {
    endCell();
    if (cells.some((one) => one !== '')) records.push({ line: begun, cells });
    cells = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (isQuoted) {
      if (sign === '\n') line += 1;
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += sign;
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (sign === delimiter) endCell();
    else if (sign === '\n') {
      endRecord();
      line += 1;
      begun = line;
    } else if (sign !== '\r') cell += sign;
  }
  endRecord();
  return records;
}

/** A file as text: UTF-8, or what spreadsheets on Chinese machines write. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
