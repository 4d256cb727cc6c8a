import { useQuery } from '@tanstack/react-query';
import { suggestQuery } from '@yiwang/api/catalog-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useSettled } from '../../parts/use-settled.ts';

const TYPING_MS = 350;
const TEXT_MIN = 3;
/** What scores less than this part of the best is noise. */
const NEAR = 0.35;

interface SuggestionsProps {
  text: string;
  chosen: string | undefined;
  onChoose: (code: string) => void;
}

/** Items that the words point to, with the words that did. */
export function Suggestions({ text, chosen, onChoose }: SuggestionsProps) {
  const t = useT();
  const words = useText();
  const settled = useSettled(text.trim(), TYPING_MS);
  const query = useQuery({
    ...suggestQuery(settled),
    enabled: settled.length >= TEXT_MIN,
    placeholderData: (before) => before,
  });
  const all = settled.length >= TEXT_MIN ? (query.data ?? []) : [];
  const best = all[0]?.score ?? 0;
  const found = all.filter((item) => item.score >= best * NEAR);
  return (
    <section className="suggestions" aria-label={t('intake.suggested')} aria-live="polite">
      <span className="yw-dim">{t('intake.suggested')}</span>
      {found.length === 0 && <span className="yw-dim">{t('intake.noSuggestion')}</span>}
      {found.slice(0, 6).map((item) => (
        <button
          key={item.code}
          type="button"
          aria-pressed={chosen === item.code}
          title={`${item.code} ${item.path.map(words).join(' / ')}\n${t('intake.matched', { words: item.matched.join('、') })}`}
          onClick={() => onChoose(item.code)}
        >
          {words(item.name)}
          <span className="yw-dim">{item.matched.slice(0, 3).join('、')}</span>
        </button>
      ))}
    </section>
  );
}
