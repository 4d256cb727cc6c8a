import { useQuery } from '@tanstack/react-query';
import { sensingHealthQuery } from '@yiwang/api/sensing-api.ts';
import type { SensingHealth } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { EdgeTable } from './edge-table.tsx';
import { RefusedFrames } from './refused-frames.tsx';
import './sensing.css';

/** How the way in is: what came by each edge, where it went, and what was not taken in. */
export default function SensingPage() {
  const t = useT();
  const query = useQuery(sensingHealthQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('sensing.health.title')}</h2>
        <span className="yw-dim">{t('sensing.health.hint')}</span>
      </div>
      {query.data && <Hall health={query.data} />}
      <Panel flush className="sensing-edges" title={t('sensing.health.edges')}>
        <Loaded query={query}>{(health) => <EdgeTable edges={health.edges} />}</Loaded>
      </Panel>
      <RefusedFrames notKept={query.data?.refusals_not_kept ?? 0} />
    </div>
  );
}

function Hall({ health }: { health: SensingHealth }) {
  const t = useT();
  const now = useNow();
  const { blocked, blocked_since, groups, group_messages, append_ms } = health;
  if (blocked)
    return (
      <Alert
        type="error"
        showIcon
        title={t('sensing.health.blocked', { why: blocked })}
        description={
          blocked_since &&
          t('sensing.health.blockedHint', {
            time: fullTime(blocked_since),
            span: spanWords(t, now - Date.parse(blocked_since)),
          })
        }
      />
    );
  return (
    <Alert
      type="success"
      showIcon
      title={
        <>
          <strong>{t('sensing.health.open')}</strong>{' '}
          {t('sensing.health.openHint', {
            groups: groups.toLocaleString('en-US'),
            messages: group_messages.toLocaleString('en-US'),
            ms: append_ms.toFixed(1),
          })}
        </>
      }
    />
  );
}
