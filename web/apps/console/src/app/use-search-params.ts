import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './router.tsx';

/** What is looked at, as it stands in the address. */
export function useSearchParams(): [Search, (change: Search, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (change: Search, options: { replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (old: Search) => ({ ...old, ...change }),
        replace: options.replace ?? false,
      } as unknown as Parameters<typeof navigate>[0]);
    },
    [navigate],
  );
  return [search, set];
}
