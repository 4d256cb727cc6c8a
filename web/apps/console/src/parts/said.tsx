import { ApiProblem } from '@yiwang/api/client.ts';
import { useT } from '@yiwang/i18n/i18n.ts';

/** What the server says itself, for who has to look into it; folded, the reader's words stand above. */
export function Said({ fault }: { fault: unknown }) {
  const t = useT();
  if (!(fault instanceof ApiProblem) || !fault.said) return null;
  return (
    <details className="yw-said">
      <summary>{t('shell.states.said')}</summary>
      <span lang="en">{fault.said}</span>
    </details>
  );
}
