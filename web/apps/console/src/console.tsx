import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ThemeProvider } from '@yiwang/ui/theme-provider.tsx';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { askAhead } from './app/ask-ahead.ts';
import { queryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import './parts/parts.css';

export function mount(root: HTMLElement): void {
  // What fails here is asked for again, and told, by what needs it.
  askAhead(queryClient, location.pathname).catch(() => undefined);
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
