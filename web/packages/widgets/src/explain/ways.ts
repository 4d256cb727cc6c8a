import type { Behind } from '@yiwang/api/types/vitals.ts';
import type { Way } from '../parts/setting.ts';

/** Lists that together hold what stands behind a number, where a list takes one value at a time. */
const WAYS_MAX = 6;

export interface Found {
  kind: Behind['kind'];
  way: Way;
  /** What tells it from the others of its kind. */
  note: string | undefined;
}

type CasesAt = (query: Record<string, unknown>) => Way;

/** Pages that show the facts behind a number. */
export function waysOf(behind: Behind, area: string | undefined, casesAt: CasesAt): Found[] {
  const { kind, filter, codes } = behind;
  const one = (name: string) => filter[name]?.[0];
  switch (kind) {
    case 'cases': {
      const many = (name: string) => filter[name]?.join(',');
      const query = {
        open: one('open') === 'true',
        status: many('status'),
        light: many('light'),
        source: many('source'),
        area: one('area'),
      };
      return each(filter.item).map((item) => ({ kind, note: item, way: casesAt({ ...query, item }) }));
    }
    case 'alarms':
      return each(filter.rule).map((rule) => ({
        kind,
        note: rule,
        way: { to: '/alarms', search: { rule } },
      }));
    case 'devices':
      return [
        {
          kind,
          note: undefined,
          way: { to: '/devices', search: { profile: filter.profile?.join(','), area: one('area') } },
        },
      ];
    case 'feed':
      return [{ kind, note: codes.join(', ') || undefined, way: { to: '/vitals/feeds' } }];
    case 'indicators':
      return codes.slice(0, WAYS_MAX).map((code) => ({
        kind,
        note: code,
        way: { to: `/vitals/indicators/${encodeURIComponent(code)}`, search: { area } },
      }));
    case 'nothing':
      return [];
  }
}

const each = (values: readonly string[] | undefined): (string | undefined)[] =>
  values && values.length > 0 ? values.slice(0, WAYS_MAX) : [undefined];
