import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { tellProblems } from '@yiwang/api/client.ts';
import { cases } from '@yiwang/i18n/refusals/cases.ts';
import { city } from '@yiwang/i18n/refusals/city.ts';
import { edge } from '@yiwang/i18n/refusals/edge.ts';
import { faults, fields } from '@yiwang/i18n/refusals/fields.ts';
import { tell } from '@yiwang/i18n/refusals.ts';
import { ThemeProvider } from '@yiwang/ui/theme-provider.tsx';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { askAhead } from './app/ask-ahead.ts';
import { queryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import './parts/parts.css';

/** Answers that come sooner are drawn at once; only then is it said that they are on their way. */
const PATIENCE_MS = 300;

const sentences = { refusals: { ...cases, ...city, ...edge }, faults, fields };

export async function mount(root: HTMLElement): Promise<void> {
  tellProblems((problem) => tell(problem, sentences));
  // What fails here is asked for again, and told, by what needs it.
  const answers = askAhead(queryClient, location.pathname).catch(() => undefined);
  await Promise.race([answers, new Promise((over) => setTimeout(over, PATIENCE_MS))]);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider>
          <RouterProvider router={router} />
        </ThemeProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
