import type { Device, LastValue } from '@yiwang/api/types/sensing.ts';
import { useKnown, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useNow } from '../../app/use-now.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { telling, valueWords } from './telling.ts';

const MINUTE_MS = 60_000;

/** The last value of each property, how old it is and how far to believe it. */
export function LastTable({ device }: { device: Device }) {
  const t = useT();
  const text = useText();
  const known = useKnown();
  const now = useNow();
  const word = (key: string) => t(`sensing.detail.${key}`);
  const age = (time: string) => {
    const ms = now - Date.parse(time);
    return ms < MINUTE_MS ? t('shell.time.now') : t('shell.time.ago', { span: spanWords(t, ms) });
  };
  const columns: GridColumn<LastValue>[] = [
    { key: 'property', title: word('property'), render: (value) => text(value.name) },
    {
      key: 'value',
      title: word('value'),
      width: '28%',
      align: 'right',
      render: (value) => <strong>{valueWords(value)}</strong>,
    },
    {
      key: 'quality',
      title: word('qualityColumn'),
      width: '96px',
      render: (value) => (
        <Chip tone={value.quality === 'good' || value.quality === 'manual' ? 'green' : 'orange'}>
          {known('sensing.quality', value.quality)}
        </Chip>
      ),
    },
    {
      key: 'age',
      title: word('age'),
      width: '120px',
      render: (value) => <span title={fullTime(value.time)}>{age(value.time)}</span>,
    },
  ];
  return (
    <SideSection title={word('values')}>
      {device.last.length === 0 ? (
        <p className="yw-dim">{word('noValues')}</p>
      ) : (
        <GridTable
          label={word('values')}
          columns={columns}
          rows={telling(device.last)}
          rowKey={(value) => value.property}
        />
      )}
    </SideSection>
  );
}
