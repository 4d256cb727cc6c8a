import type { BacktestEpisode } from '@yiwang/api/types/alarm-rule.ts';
import { numberWords } from '@yiwang/chart/shape.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { useEffect, useRef } from 'react';
import { conditionWords, isSilence, valueIn } from '../../../parts/condition-words.ts';
import { SeverityChip } from '../../../parts/severity.tsx';
import { useVocabulary } from '../../../parts/use-vocabulary.ts';
import { episodeKey } from './episodes.ts';

interface ListProps {
  episodes: BacktestEpisode[];
  profile: string;
  chosen: string | undefined;
  onChoose: (key: string | undefined) => void;
}

/** Each alarm as it would have been; the chosen one with its explanation. */
export function EpisodeList({ episodes, profile, chosen, onChoose }: ListProps) {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.backtest.${key}`, values);
  return (
    <ul className="backtest-episodes" aria-label={word('episodes')}>
      {episodes.map((episode) => {
        const key = episodeKey(episode);
        const isChosen = key === chosen;
        const lasted = episode.cleared_at && Date.parse(episode.cleared_at) - Date.parse(episode.raised_at);
        return (
          <li key={key}>
            <button
              type="button"
              aria-expanded={isChosen}
              onClick={() => onChoose(isChosen ? undefined : key)}
            >
              <SeverityChip severity={episode.severity} />
              <span>{fullTime(episode.raised_at)}</span>
              <span className="yw-dim">
                {typeof lasted === 'number' ? spanWords(t, lasted) : word('openInTheEnd')}
              </span>
            </button>
            {isChosen && <Explained episode={episode} profile={profile} />}
          </li>
        );
      })}
    </ul>
  );
}

function Explained({ episode, profile }: { episode: BacktestEpisode; profile: string }) {
  const t = useT();
  const part = useRef<HTMLDivElement>(null);
  const words = useVocabulary()(profile, valueIn(episode.readings));
  const plain = { ...words, parameter: () => undefined };
  useEffect(() => part.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={part} className="backtest-why">
      <p>
        {episode.condition ? conditionWords(episode.condition, words) : t('alerting.detail.missing')}
        {episode.condition && <code className="yw-dim">{episode.condition}</code>}
      </p>
      <ul aria-label={t('alerting.detail.readings')}>
        {episode.readings.map((reading) => (
          <li key={reading.name}>
            {conditionWords(reading.name, plain)}{' '}
            {typeof reading.value === 'number' && !isSilence(reading.name) && (
              <strong>{numberWords(reading.value)}</strong>
            )}
          </li>
        ))}
      </ul>
      <span className="yw-dim">
        {t('alerting.detail.began')} {fullTime(episode.began_at)} · {t('alerting.detail.ended')}{' '}
        {episode.cleared_at ? fullTime(episode.cleared_at) : t('rules.backtest.openInTheEnd')}
      </span>
    </div>
  );
}
