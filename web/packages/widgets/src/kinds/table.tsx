import { useT } from '@yiwang/i18n/i18n.ts';
import { textOption, type WidgetProps } from '../widget.ts';
import { AlarmTable, CaseTable, IndicatorTable, NoticeTable } from './tables.tsx';

/** Rows of one kind, each opens its page. */
export default function Table(props: WidgetProps) {
  const t = useT();
  const of = textOption(props.options, 'of') ?? 'cases';
  const title = props.title ?? t(`wall.table.of.${of}`);
  if (of === 'alarms') return <AlarmTable {...props} title={title} />;
  if (of === 'indicators') return <IndicatorTable {...props} title={title} />;
  if (of === 'notices') return <NoticeTable {...props} title={title} />;
  return <CaseTable {...props} title={title} />;
}
