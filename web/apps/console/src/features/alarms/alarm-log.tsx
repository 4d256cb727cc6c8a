import type { AlarmLogLine } from '@yiwang/api/types/alerting.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { SideSection } from '../../parts/side-pane.tsx';

/** What happened to it, the latest first. */
export function AlarmLog({ log }: { log: AlarmLogLine[] }) {
  const t = useT();
  const known = useKnown();
  return (
    <SideSection title={t('alerting.detail.log')}>
      <ol className="alarm-log">
        {[...log].reverse().map((line) => (
          <li key={`${line.at}-${line.what}`}>
            <time dateTime={line.at}>{fullTime(line.at)}</time>
            <span>
              <strong>{known('alerting.log', line.what)}</strong> {line.by || t('alerting.detail.platform')}
              <LineDetail detail={line.detail} />
            </span>
          </li>
        ))}
      </ol>
    </SideSection>
  );
}

function LineDetail({ detail }: { detail: AlarmLogLine['detail'] }) {
  const t = useT();
  const said = (key: string) => {
    const value = detail?.[key];
    return typeof value === 'string' ? value : undefined;
  };
  const verdict = said('verdict');
  const until = said('until');
  const parts = [
    verdict && t(`alerting.state.${verdict}`),
    until && t('alerting.logUntil', { time: fullTime(until) }),
    said('reason'),
    said('note'),
    said('number'),
    said('condition'),
  ].filter(Boolean);
  return parts.length > 0 ? <span className="yw-dim"> · {parts.join(' · ')}</span> : null;
}
