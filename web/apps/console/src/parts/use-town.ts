import { useQuery } from '@tanstack/react-query';
import { areasQuery } from '@yiwang/api/catalog-api.ts';
import { useMemo } from 'react';

/** Digits of a town's code; what lies in it begins with them. */
const TOWN_DIGITS = 9;

/** The name of the town that an area lies in. */
export function useTown(): (code: string) => string | undefined {
  const towns = useQuery(areasQuery(2)).data;
  return useMemo(() => {
    const names = new Map((towns ?? []).map((town) => [town.code, town.name]));
    return (code) => names.get(code.slice(0, TOWN_DIGITS));
  }, [towns]);
}
