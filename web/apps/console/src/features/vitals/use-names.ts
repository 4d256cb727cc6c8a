import { useQuery } from '@tanstack/react-query';
import { areasQuery, orgsQuery } from '@yiwang/api/catalog-api.ts';
import { vitalsQuery } from '@yiwang/api/vitals-api.ts';
import { useLanguage, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';

/** A unit by its code; the code itself where units may not be read. */
export function useOwnerName(): (code: string) => string {
  const text = useText();
  const language = useLanguage();
  const orgs = useQuery(orgsQuery).data;
  // biome-ignore lint/correctness/useExhaustiveDependencies: words change with the language alone
  return useMemo(() => {
    const names = new Map((orgs ?? []).map((org) => [org.code, text(org.name)]));
    return (code) => names.get(code) ?? code;
  }, [orgs, language]);
}

/** The city or a town by its code. */
export function useAreaName(): (code: string) => string {
  const cities = useQuery(areasQuery(1)).data;
  const towns = useQuery(areasQuery(2)).data;
  return useMemo(() => {
    const names = new Map([...(cities ?? []), ...(towns ?? [])].map((area) => [area.code, area.name]));
    return (code) => names.get(code) ?? code;
  }, [cities, towns]);
}

/** A domain by its letter; read from what is held of the area. */
export function useDomains(area: string | undefined) {
  const text = useText();
  const domains = useQuery(vitalsQuery(area)).data?.domains ?? [];
  const nameOf = (code: string) => text(domains.find((one) => one.code === code)?.name) || code;
  return { domains, nameOf };
}
