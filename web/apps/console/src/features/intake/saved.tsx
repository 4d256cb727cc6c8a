import { Link } from '@tanstack/react-router';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';

/** The number to read out to the caller. */
export function Saved({ detail, onClose }: { detail: IncidentDetail; onClose: () => void }) {
  const t = useT();
  return (
    <Alert
      type="success"
      showIcon
      closable={{ onClose }}
      title={
        <span className="saved">
          <strong>{t('intake.saved', { number: detail.number })}</strong>
          {detail.public && (
            <span className="yw-mono">{t('intake.copyCode', { code: detail.public.query_code })}</span>
          )}
          <Link to="/incidents" search={{ scope: 'all', sel: detail.id }}>
            {t('intake.openIt')}
          </Link>
        </span>
      }
    />
  );
}
