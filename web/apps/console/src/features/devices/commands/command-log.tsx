import type { CommandPages } from '@yiwang/api/device-command-api.ts';
import type { DeviceCommand, ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { civil, fullTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { type Loadable, Loaded } from '@yiwang/ui/states.tsx';
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

/** Who told it what, when, and what became of it; the newest first. */
export function CommandLog({ commands, query }: LogProps) {
  const t = useT();
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0) return <p className="yw-dim command-note">{t('devices.command.noLog')}</p>;
        return (
          <>
            <ol className="command-log" aria-label={t('devices.command.log')} aria-live="polite">
              {rows.map((row) => (
                <Row key={row.id} row={row} command={commands.find((one) => one.code === row.command)} />
              ))}
            </ol>
            {query.hasNextPage && <LoadMore count={rows.length} query={query} />}
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
      <div className="yw-dim">
        <time dateTime={row.sent_at}>{fullTime(row.sent_at)}</time> · {row.sent_by}
      </div>
      <Answer row={row} ending={ending} />
    </li>
  );
}

function Answer({ row, ending }: { row: DeviceCommand; ending: Ending }) {
  const t = useT();
  const words = useCommandWords();
  const took = tookSeconds(row);
  if (ending === 'unheard') return <div>{t('devices.command.unheard')}</div>;
  if (ending === 'expired')
    return <div>{t('devices.command.expired', { span: words.seconds(withinSeconds(row)) })}</div>;
  if (ending === 'waiting') {
    const { time, seconds } = civil(row.expires_at);
    return <div>{t('devices.command.waitsUntil', { time: `${time}:${seconds}` })}</div>;
  }
  return (
    <div>
      {row.answer ? t('devices.command.answer', { answer: row.answer }) : t('devices.command.noWords')}
      {took !== undefined && (
        <span className="yw-dim"> · {t('devices.command.took', { span: lagWords(took) })}</span>
      )}
    </div>
  );
}
