import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { useLiveStatus } from './live-store.ts';
import { useNow } from './use-now.ts';

const PATIENCE_MS = 5_000;

/** Says that what is shown may be old, once the line has been down for a while. */
export function StaleBanner() {
  const t = useT();
  const now = useNow();
  const { downSince } = useLiveStatus();
  if (!downSince || now - downSince < PATIENCE_MS) return null;
  const { time, seconds } = civil(downSince);
  return <output className="shell-stale">{t('shell.live.stale', { time: `${time}:${seconds}` })}</output>;
}
