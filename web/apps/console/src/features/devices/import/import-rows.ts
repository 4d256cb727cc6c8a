import { type CreateDevice, PROTOCOLS } from '@yiwang/api/types/sensing.ts';
import type { ProblemField } from '@yiwang/api/types/shared.ts';
import { instantOf } from '@yiwang/i18n/time.ts';
import { meaningOf } from '../edit/attributes.ts';
import { columnOf, IMPORT_FIELDS, type ImportField } from './columns.ts';
import { readCsv } from './csv.ts';

/** One device of what was given: where it stands there, and what is wrong with it before anybody is asked. */
export interface ImportRow {
  /** The line of a table, or the place in a list; 1-based. */
  row: number;
  code: string;
  body: CreateDevice;
  faults: ProblemField[];
}

export interface ImportSource {
  kind: 'csv' | 'json';
  rows: ImportRow[];
  /** What is wrong with the whole of it. */
  faults: ProblemField[];
}

/** Words of this city that may stand for codes: the names of profiles and units. */
export interface Vocabulary {
  profiles: ReadonlyMap<string, string>;
  orgs: ReadonlyMap<string, string>;
}

const fault = (path: string, code: string, message = ''): ProblemField => ({ path, code, message });
const PROTOCOL_WORDS = new Map<string, string>(PROTOCOLS.map((one) => [one, one]));
const DAY = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}:\d{2})(?::\d{2})?)?$/;
const TIMES = new Set<ImportField>(['installed_at', 'calibrated_at', 'calibration_due']);
const NUMBERS = new Set<ImportField>(['lon', 'lat', 'interval_seconds', 'secrecy']);

/** A protocol as people write it: `HJ 212`, `jt/t808`. */
function protocolOf(text: string): string | undefined {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return PROTOCOL_WORDS.get(
    plain
      .replace(/^jtt/, 'jt')
      .replace(/^gbt/, 'gb')
      .replace(/^(\D+)(\d+?)(?:20\d\d)?$/, '$1$2'),
  );
}

/** An instant as it is written in tables: a day, a day with its time, or with its zone. */
function timeOf(text: string): string | undefined {
  const day = DAY.exec(text);
  if (day) {
    const [, year = '', month = '', date = '', time = '00:00'] = day;
    const local = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}T${time.padStart(5, '0')}`;
    return Number.isNaN(Date.parse(`${local}:00+08:00`)) ? undefined : instantOf(local);
  }
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
    ? new Date(text).toISOString()
    : undefined;
}

/** The value of one field as the server takes it, or why it cannot be. */
function readField(
  field: ImportField,
  given: string,
  words: Vocabulary,
): { value: unknown } | { code: string } {
  if (NUMBERS.has(field)) {
    const number = Number(given);
    if (!Number.isFinite(number)) return { code: 'malformed' };
    if (field === 'lon' && Math.abs(number) > 180) return { code: 'out_of_range' };
    if (field === 'lat' && Math.abs(number) > 90) return { code: 'out_of_range' };
    const isWhole = field === 'lon' || field === 'lat' || Number.isInteger(number);
    return isWhole &&
      (field !== 'secrecy' || (number >= 0 && number < 256)) &&
      (field !== 'interval_seconds' || (number >= 0 && number < 2 ** 32))
      ? { value: number }
      : { code: 'malformed' };
  }
  if (TIMES.has(field)) {
    const value = timeOf(given);
    return value ? { value } : { code: 'malformed' };
  }
  if (field === 'protocol') {
    const value = protocolOf(given);
    return value ? { value } : { code: 'unknown' };
  }
  if (field === 'profile') return { value: words.profiles.get(given) ?? given };
  if (field === 'org') return { value: words.orgs.get(given) ?? given };
  return { value: given };
}

const NEEDED = ['code', 'name', 'profile', 'protocol'] as const;

/** A device of its fields as texts. */
function rowOf(
  row: number,
  given: Map<ImportField, string>,
  attributes: Record<string, unknown>,
  words: Vocabulary,
): ImportRow {
  const faults: ProblemField[] = [];
  const body: Record<string, unknown> = {};
  for (const [field, text] of given) {
    if (text === '') continue;
    const read = readField(field, text, words);
    if ('value' in read) body[field] = read.value;
    else faults.push(fault(`/${field}`, read.code));
  }
  for (const field of NEEDED) if (!given.get(field)) faults.push(fault(`/${field}`, 'missing'));
  const { lon, lat, ...rest } = body;
  if (
    (lon === undefined) !== (lat === undefined) &&
    !faults.some(({ path }) => path === '/lon' || path === '/lat')
  )
    faults.push(fault(lon === undefined ? '/lon' : '/lat', 'missing'));
  if (lon !== undefined && lat !== undefined) rest.position = { lon, lat };
  if (Object.keys(attributes).length > 0) rest.attributes = attributes;
  return { row, code: given.get('code') ?? '', body: rest as unknown as CreateDevice, faults };
}

function fromCsv(text: string, words: Vocabulary): ImportSource {
  const [head, ...records] = readCsv(text);
  const columns = head?.cells.map(columnOf) ?? [];
  const faults = (head?.cells ?? []).flatMap((heading, at) =>
    heading !== '' && !columns[at] ? [fault('', 'unknown_column', heading)] : [],
  );
  for (const field of NEEDED)
    if (!columns.some((column) => column && 'field' in column && column.field === field))
      faults.push(fault(`/${field}`, 'missing_column'));
  const rows = records.map(({ line, cells }) => {
    const given = new Map<ImportField, string>();
    const attributes: Record<string, unknown> = {};
    const surplus = cells.slice(columns.length).some((cell) => cell !== '');
    for (const [at, column] of columns.entries()) {
      const cell = cells[at] ?? '';
      if (column && 'field' in column) given.set(column.field, cell);
      else if (column && cell !== '') attributes[column.attribute] = meaningOf(cell);
    }
    const row = rowOf(line, given, attributes, words);
    // More cells than headings: a comma too many has moved everything behind it.
    if (surplus) row.faults.push(fault('', 'too_many_cells'));
    return row;
  });
  return { kind: 'csv', rows, faults };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function fromObject(row: number, given: unknown, words: Vocabulary): ImportRow {
  if (!isObject(given)) return { row, code: '', body: {} as CreateDevice, faults: [fault('', 'malformed')] };
  const { position, attributes, ...rest } = given;
  const faults: ProblemField[] = [];
  const fields = new Map<ImportField, string>();
  const put = (name: string, value: unknown) => {
    if (value === null || value === undefined) return;
    const field = IMPORT_FIELDS.find((one) => one === name);
    if (!field) faults.push(fault(`/${name}`, 'unknown_field'));
    else if (typeof value === 'object') faults.push(fault(`/${name}`, 'malformed'));
    else fields.set(field, String(value).trim());
  };
  for (const [name, value] of Object.entries(rest)) put(name, value);
  if (isObject(position)) {
    put('lon', position.lon);
    put('lat', position.lat);
  } else if (position !== undefined && position !== null) faults.push(fault('/position', 'malformed'));
  const isGood = attributes === undefined || attributes === null || isObject(attributes);
  if (!isGood) faults.push(fault('/attributes', 'malformed'));
  const made = rowOf(row, fields, isObject(attributes) ? attributes : {}, words);
  return { ...made, faults: [...faults, ...made.faults] };
}

function fromJson(text: string, words: Vocabulary): ImportSource {
  const broken = (message: string): ImportSource => ({
    kind: 'json',
    rows: [],
    faults: [fault('', 'malformed_json', message)],
  });
  try {
    const given = JSON.parse(text) as unknown;
    const list = Array.isArray(given)
      ? given
      : isObject(given) && Array.isArray(given.devices)
        ? given.devices
        : [given];
    return { kind: 'json', rows: list.map((one, at) => fromObject(at + 1, one, words)), faults: [] };
  } catch (whole) {
    // One object on each line.
    const lines = text.split(/\r?\n/).map((line, at) => ({ row: at + 1, line: line.trim() }));
    const told = lines.filter(({ line }) => line !== '');
    if (told.length < 2 || !told.every(({ line }) => line.startsWith('{') && line.endsWith('}')))
      return broken((whole as Error).message);
    const rows = told.map(({ row, line }) => {
      try {
        return fromObject(row, JSON.parse(line), words);
      } catch (one) {
        const faults = [fault('', 'malformed_json', (one as Error).message)];
        return { row, code: '', body: {} as CreateDevice, faults };
      }
    });
    return { kind: 'json', rows, faults: [] };
  }
}

/** A table or a list of devices as it was given; nothing of it is left out in silence. */
export function readImport(text: string, words: Vocabulary): ImportSource {
  const plain = text.replace(/^\uFEFF/, '').trim();
  const source = /^[[{]/.test(plain) ? fromJson(plain, words) : fromCsv(text, words);
  if (source.rows.length === 0 && source.faults.length === 0)
    return { ...source, faults: [fault('', 'nothing')] };
  return source;
}

/** A line that cannot be taken, as it is shown. */
export interface WrongRow {
  row: number;
  code: string;
  faults: ProblemField[];
}

/** What the server said of the rows that were sent, by where they stand in what was given. */
export function wrongRows(
  rows: readonly ImportRow[],
  sent: readonly ImportRow[],
  lines: readonly { line: number; code: string; faults: ProblemField[] }[],
): WrongRow[] {
  const own = rows.filter((row) => row.faults.length > 0);
  const told = lines.map(({ line, code, faults }) => ({ row: sent[line - 1]?.row ?? line, code, faults }));
  return [...own, ...told].sort((a, b) => a.row - b.row);
}
