import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ThemeProvider } from '@yiwang/ui/theme-provider.tsx';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { askAhead } from './app/ask-ahead.ts';
import { queryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import './parts/parts.css';

/** Answers that come sooner are drawn at once; only then is it said that they are on their way. */
const PATIENCE_MS = 300;

export async function mount(root: HTMLElement): Promise<void> {
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
