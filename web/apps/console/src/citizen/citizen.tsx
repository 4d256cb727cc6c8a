import { tellProblems } from '@yiwang/api/client.ts';
import { cases } from '@yiwang/i18n/refusals/cases.ts';
import { edge } from '@yiwang/i18n/refusals/edge.ts';
import { tell } from '@yiwang/i18n/refusals.ts';
import { applyTheme } from '@yiwang/tokens/tokens.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StatusPage } from './status-page.tsx';
import './citizen.css';

const sentences = { refusals: { ...cases, ...edge } };

/** The citizen's page: no sign-in, no console, small enough for any phone. */
export function mount(root: HTMLElement): void {
  tellProblems((problem) => tell(problem, sentences));
  applyTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const number = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const code = new URLSearchParams(location.search).get('code') ?? '';
  createRoot(root).render(
    <StrictMode>
      <StatusPage number={number} code={code} />
    </StrictMode>,
  );
}
