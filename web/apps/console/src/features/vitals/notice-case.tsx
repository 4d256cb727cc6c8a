import { Link } from '@tanstack/react-router';
import type { VitalNotice } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useSigned } from '../../app/session.tsx';

/** The case of a notice, or that one is on its way. */
export function NoticeCase({ notice }: { notice: VitalNotice }) {
  const t = useT();
  const { can } = useSigned();
  if (!notice.case)
    return notice.action === 'order' ? <span className="yw-dim">{t('vitals.notice.opening')}</span> : null;
  const { id, number } = notice.case;
  if (!can('incident.read')) return <span className="yw-mono">{number}</span>;
  return (
    <Link to="/incidents" search={{ scope: 'all', q: number, sel: id }} className="yw-mono">
      {number}
    </Link>
  );
}

const TONES = { notify: 'plain', order: 'accent', proposal: 'orange' } as const;

export function FollowChip({ notice }: { notice: VitalNotice }) {
  const t = useT();
  return (
    <Chip tone={TONES[notice.action]} title={t(`vitals.follow.${notice.action}Hint`)}>
      {t(`vitals.follow.${notice.action}`)}
    </Chip>
  );
}
