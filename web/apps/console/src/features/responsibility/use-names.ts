import { useQueries, useQuery } from '@tanstack/react-query';
import { areasQuery, itemsQuery, orgsQuery } from '@yiwang/api/catalog-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';

const PLACES: Record<string, string> = { '@town': 'town', '@village': 'village', '@grid': 'grid' };

/** Codes as names: items, areas, units, and the units that a place brings with it. */
export function useNames() {
  const t = useT();
  const text = useText();
  const items = useQuery(itemsQuery).data;
  const orgs = useQuery(orgsQuery).data;
  const areas = useQueries({ queries: [areasQuery(1), areasQuery(2), areasQuery(3)] }).map((one) => one.data);
  const [cities, towns, villages] = areas;
  const itemNames = useMemo(() => new Map((items ?? []).map((item) => [item.code, item.name])), [items]);
  const orgNames = useMemo(() => new Map((orgs ?? []).map((org) => [org.code, org.name])), [orgs]);
  const areaNames = useMemo(
    () =>
      new Map(
        [cities, towns, villages].flatMap((level) => level ?? []).map((area) => [area.code, area.name]),
      ),
    [cities, towns, villages],
  );
  return {
    item: (code: string) => (code === '*' ? t('shell.common.all') : text(itemNames.get(code)) || code),
    area: (code: string) =>
      code === '*' ? t('catalog.responsibility.everywhere') : (areaNames.get(code) ?? code),
    org: (ref: string) => {
      const place = PLACES[ref];
      return place ? t(`catalog.responsibility.${place}`) : text(orgNames.get(ref)) || ref;
    },
  };
}

export type Names = ReturnType<typeof useNames>;
