import { useT } from '@yiwang/i18n/i18n.ts';
import { civil, weekdayOf } from '@yiwang/i18n/time.ts';
import { useSeconds } from '../parts/use-clock.ts';
import type { WidgetProps } from '../widget.ts';
import './plain.css';

/** The city's clock. */
export default function Clock({ title }: WidgetProps) {
  const t = useT();
  const { date, time, seconds } = civil(useSeconds());
  return (
    <section className="ww ww-clock" aria-label={title ?? t('wall.kinds.clock')}>
      <time dateTime={`${date}T${time}:${seconds}+08:00`}>
        <strong>
          {time}
          <small>:{seconds}</small>
        </strong>
        <span>
          {date} {t(`shell.time.weekdays.${weekdayOf(date)}`)}
        </span>
      </time>
    </section>
  );
}
