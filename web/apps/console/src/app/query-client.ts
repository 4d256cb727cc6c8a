import { QueryClient } from '@tanstack/react-query';
import { ApiProblem, whenUnauthenticated } from '@yiwang/api/client.ts';
import { meQuery } from '@yiwang/api/session-api.ts';

const RETRIES_MAX = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      // Asking again helps against a lost line or a busy server, never against a refusal.
      retry: (tries, fault) =>
        tries < RETRIES_MAX &&
        fault instanceof ApiProblem &&
        (fault.status === 0 || fault.status === 429 || fault.status >= 502),
    },
    mutations: { retry: false },
  },
});

whenUnauthenticated(() => {
  if (queryClient.getQueryData(meQuery.queryKey)) queryClient.setQueryData(meQuery.queryKey, null);
});
