import type { CommandPages } from '@yiwang/api/device-command-api.ts';
import type { DeviceCommand, ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { civil, fullTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { Button } from '@yiwang/ui/controls.ts';
import { type Loadable, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { LoadMore } from '../../../parts/load-more.tsx';
import { lagWords } from '../telling.ts';
import { type Ending, endingOf, tookSeconds, withinSeconds } from './ending.ts';
import { useCommandWords } from './use-command-words.ts';

const TONES: Record<Ending, Tone> = {
  waiting: 'accent',
  done: 'green',
  failed: 'red',
  unheard: 'red',
  expired: 'orange',
};

interface LogProps {
  commands: ProfileCommand[];
  query: Loadable<CommandPages> & {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
}

/** The newest, and what waits; the curve below them is looked at more often than what is older. */
const NEWEST = 3;

/** Who told it what, when, and what became of it; the newest first. */
export function CommandLog({ commands, query }: LogProps) {
  const t = useT();
  const [isAll, setAll] = useState(false);
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0) return <p className="yw-dim command-note">{t('devices.command.noLog')}</p>;
        const shown = rows.filter((row, at) => isAll || at < NEWEST || row.state === 'waiting');
        return (
          <>
            <ol className="command-log" aria-label={t('devices.command.log')} aria-live="polite">
              {shown.map((row) => (
                <Row key={row.id} row={row} command={commands.find((one) => one.code === row.command)} />
              ))}
            </ol>
            {isAll && query.hasNextPage && <LoadMore count={rows.length} query={query} />}
            {shown.length < rows.length && (
              <Button size="small" onClick={() => setAll(true)}>
                {t('devices.command.older')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Row({ row, command }: { row: DeviceCommand; command: ProfileCommand | undefined }) {
  const t = useT();
  const text = useText();
  const words = useCommandWords();
  const ending = endingOf(row);
  const given = words.given(row.parameters, command);
  return (
    <li data-state={row.state}>
      <div className="command-log-what">
        <strong>{command ? text(command.name) : row.command}</strong>
        {given && <span>{given}</span>}
        <Chip tone={TONES[ending]}>{t(`devices.command.ending.${ending}`)}</Chip>
      </div>
      <div className="command-log-end">
        <span className="yw-dim">
          <time dateTime={row.sent_at}>{fullTime(row.sent_at)}</time> · {row.sent_by}
        </span>
        <Answer row={row} ending={ending} />
      </div>
    </li>
  );
}

function Answer({ row, ending }: { row: DeviceCommand; ending: Ending }) {
  const t = useT();
  const words = useCommandWords();
  const took = tookSeconds(row);
  if (ending === 'unheard') return <span>{t('devices.command.unheard')}</span>;
  if (ending === 'expired')
    return <span>{t('devices.command.expired', { span: words.seconds(withinSeconds(row)) })}</span>;
  if (ending === 'waiting') {
    const { date, time, seconds } = civil(row.expires_at);
    const day = date === civil(row.sent_at).date ? '' : `${date.slice(5)} `;
    return <span>{t('devices.command.waitsUntil', { time: `${day}${time}:${seconds}` })}</span>;
  }
  return (
    <span>
      {row.answer ? t('devices.command.answer', { answer: row.answer }) : t('devices.command.noWords')}
      {took !== undefined && (
        <span className="yw-dim"> · {t('devices.command.took', { span: lagWords(took) })}</span>
      )}
    </span>
  );
}
