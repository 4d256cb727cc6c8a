import { applyTheme } from '@yiwang/tokens/tokens.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StatusPage } from './status-page.tsx';
import './citizen.css';

/** The citizen's page: no sign-in, no console, small enough for any phone. */
export function mount(root: HTMLElement): void {
  applyTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const number = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const code = new URLSearchParams(location.search).get('code') ?? '';
  createRoot(root).render(
    <StrictMode>
      <StatusPage number={number} code={code} />
    </StrictMode>,
  );
}
