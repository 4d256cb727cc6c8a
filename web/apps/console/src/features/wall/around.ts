import { useNavigate, useRouter } from '@tanstack/react-router';
import type { Way } from '@yiwang/widgets/parts/setting.ts';
import type { Around } from '@yiwang/widgets/screen/screen-grid.tsx';
import { useMemo } from 'react';
import { searchOfQuery } from '../../parts/incident-filters.ts';

type To = Parameters<ReturnType<typeof useNavigate>>[0];

const toOf = ({ to, search }: Way) => ({ to, search: search ?? {} }) as unknown as To;

/** How a screen leads to the pages of the console. */
export function useAround(): Around {
  const router = useRouter();
  const navigate = useNavigate();
  return useMemo(
    () => ({
      casesAt: (query) => ({ to: '/incidents', search: searchOfQuery(query) }),
      hrefOf: (way) => router.buildLocation(toOf(way)).href,
      go: (way) => void navigate(toOf(way)),
    }),
    [router, navigate],
  );
}
