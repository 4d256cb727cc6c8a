import { WIDGET_KINDS, type WidgetKind } from '@yiwang/api/types/screen.ts';

/** What an option of a widget may be. The server holds screens against the same shapes. */
export type Field =
  | { type: 'area' }
  | { type: 'areas'; max: number }
  | { type: 'indicator'; isRequired: true }
  | { type: 'indicators'; max: number; isRequired: true }
  | { type: 'number'; min: number; max: number; usual: number }
  | { type: 'flag' }
  | { type: 'choice'; of: readonly string[]; isRequired?: boolean }
  | { type: 'choices'; of: readonly string[]; isRequired?: boolean }
  | { type: 'text'; max: number; isRequired?: boolean }
  | { type: 'words'; max: number; isRequired: true }
  | { type: 'layers' }
  | { type: 'place' }
  | { type: 'filter' };

export interface Kind {
  fields: Record<string, Field>;
  /** Smaller than this, in pixels of the design, it cannot be read. */
  size: { width: number; height: number };
}

const area = { type: 'area' } as const;
const indicator = { type: 'indicator', isRequired: true } as const;
const whole = (min: number, max: number, usual: number) => ({ type: 'number', min, max, usual }) as const;
const CASES = ['cases'] as const;
const FEEDS = ['alarms', 'cases', 'notices'] as const;

export const KINDS: Record<WidgetKind, Kind> = {
  index: { fields: { area, reasons: whole(1, 5, 3) }, size: { width: 300, height: 240 } },
  lamps: { fields: { area }, size: { width: 360, height: 240 } },
  kpi: {
    fields: { indicators: { type: 'indicators', max: 8, isRequired: true }, area },
    size: { width: 220, height: 130 },
  },
  line: {
    fields: {
      indicator,
      area,
      hours: whole(1, 840, 24),
      forecast: { type: 'flag' },
      compare: { type: 'areas', max: 5 },
    },
    size: { width: 340, height: 200 },
  },
  bar: { fields: { indicator, limit: whole(1, 30, 10) }, size: { width: 340, height: 220 } },
  rank: {
    fields: { indicator, limit: whole(1, 30, 10), order: { type: 'choice', of: ['best', 'worst'] } },
    size: { width: 280, height: 220 },
  },
  pie: {
    fields: {
      of: { type: 'choice', of: CASES, isRequired: true },
      by: { type: 'choice', of: ['source', 'grade', 'status', 'item', 'org'], isRequired: true },
      limit: whole(1, 20, 8),
    },
    size: { width: 320, height: 200 },
  },
  sankey: {
    fields: { of: { type: 'choice', of: CASES, isRequired: true }, hours: whole(1, 840, 24) },
    size: { width: 480, height: 260 },
  },
  gauge: { fields: { indicator, area }, size: { width: 240, height: 200 } },
  calendar: { fields: { indicator, area, weeks: whole(1, 53, 12) }, size: { width: 360, height: 220 } },
  table: {
    fields: {
      of: { type: 'choice', of: ['cases', 'alarms', 'indicators', 'notices'], isRequired: true },
      filter: { type: 'filter' },
      limit: whole(1, 100, 20),
    },
    size: { width: 380, height: 220 },
  },
  ticker: {
    fields: {
      of: { type: 'choices', of: FEEDS, isRequired: true },
      severity_at_least: whole(1, 4, 4),
      limit: whole(1, 100, 20),
    },
    size: { width: 380, height: 64 },
  },
  map: {
    fields: {
      layers: { type: 'layers' },
      cases: { type: 'flag' },
      alarms: { type: 'flag' },
      devices: { type: 'flag' },
      moving: { type: 'flag' },
      center: { type: 'place' },
      zoom: { type: 'number', min: 3, max: 19, usual: 10 },
    },
    size: { width: 320, height: 240 },
  },
  video: {
    fields: { slot: { type: 'text', max: 64, isRequired: true }, camera: { type: 'text', max: 64 } },
    size: { width: 240, height: 160 },
  },
  timeline: {
    fields: { hours: whole(1, 168, 24), of: { type: 'choices', of: FEEDS } },
    size: { width: 340, height: 220 },
  },
  lamp: { fields: { indicator, area }, size: { width: 180, height: 120 } },
  clock: { fields: {}, size: { width: 200, height: 56 } },
  text: { fields: { body: { type: 'words', max: 500, isRequired: true } }, size: { width: 160, height: 48 } },
};

export const isKind = (kind: string): kind is WidgetKind =>
  (WIDGET_KINDS as readonly string[]).includes(kind);

export interface OptionFault {
  field: string;
  fault: 'unknown' | 'missing' | 'malformed';
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isList = (value: unknown, max: number): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.length <= max && value.every(isText);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fits(value: unknown, field: Field): boolean {
  switch (field.type) {
    case 'area':
    case 'indicator':
      return isText(value);
    case 'text':
      return isText(value) && value.length <= field.max;
    case 'areas':
    case 'indicators':
      return isList(value, field.max);
    case 'layers':
      return Array.isArray(value) && value.every(isText);
    case 'number':
      return typeof value === 'number' && value >= field.min && value <= field.max;
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return isText(value) && field.of.includes(value);
    case 'choices':
      return isList(value, field.of.length) && value.every((one) => field.of.includes(one));
    case 'words':
      return isRecord(value) && isText(value.zh) && value.zh.length <= field.max;
    case 'place':
      return isRecord(value) && typeof value.lon === 'number' && typeof value.lat === 'number';
    case 'filter':
      return isRecord(value);
  }
}

/** What keeps a widget from being drawn; nothing where all is well. */
export function faultsOf(kind: WidgetKind, options: Record<string, unknown>): OptionFault[] {
  const { fields } = KINDS[kind];
  const faults: OptionFault[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = options[name];
    if (value === undefined || value === null) {
      if ('isRequired' in field && field.isRequired) faults.push({ field: name, fault: 'missing' });
    } else if (!fits(value, field)) faults.push({ field: name, fault: 'malformed' });
  }
  for (const name of Object.keys(options))
    if (!(name in fields)) faults.push({ field: name, fault: 'unknown' });
  return faults;
}
