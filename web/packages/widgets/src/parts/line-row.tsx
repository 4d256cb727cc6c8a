import { shortTime } from '@yiwang/i18n/time.ts';
import type { Line } from '../data/lines.ts';
import { Mark } from './mark.tsx';
import { useNow } from './use-clock.ts';
import { WayLink } from './way-link.tsx';
import '../kinds/rows.css';

/** What happened, in one row; it opens its page. */
export function LineRow({ line }: { line: Line }) {
  const now = useNow();
  return (
    <WayLink way={line.way} className="ww-row">
      <span className="ww-row-time">{shortTime(line.at, now)}</span>
      <Mark tone={line.tone} />
      <span className="ww-row-tag">{line.tag}</span>
      <span className="ww-row-name">{line.title}</span>
      <span className="ww-row-note">{line.note}</span>
    </WayLink>
  );
}
