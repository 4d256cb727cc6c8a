import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { HearingLight, HearingReason } from './hearing.tsx';
import { lagWords, tellingOnly, valueWords } from './telling.ts';

const VALUES_SHOWN = 3;

interface TableProps {
  devices: Device[];
  selected: string | undefined;
  /** The detail stands beside it. */
  isNarrow: boolean;
  onPick: (device: Device) => void;
}

export function DeviceTable({ devices, selected, isNarrow, onPick }: TableProps) {
  const t = useT();
  const text = useText();
  const word = (key: string) => t(`sensing.${key}`);
  const columns: (GridColumn<Device> | false)[] = [
    {
      key: 'hearing',
      title: word('hearingColumn'),
      width: '156px',
      render: (device) => (
        <>
          <HearingLight device={device} />
          <span className="cell-two">
            <HearingReason device={device} />
          </span>
        </>
      ),
    },
    {
      key: 'code',
      title: word('code'),
      ...(isNarrow ? {} : { width: '20%' }),
      render: (device) => (
        <>
          {device.name}{' '}
          {device.state !== 'active' && <Chip tone="yellow">{word(`states.${device.state}`)}</Chip>}
          <span className="cell-two yw-mono">{device.code}</span>
        </>
      ),
    },
    !isNarrow && {
      key: 'profile',
      title: word('profile'),
      width: '132px',
      render: (device) => (
        <>
          {text(device.profile_name)}
          <span className="cell-two">{word(`protocols.${device.protocol}`)}</span>
        </>
      ),
    },
    !isNarrow && {
      key: 'area',
      title: word('area'),
      width: '16%',
      render: (device) => (
        <>
          {device.place || device.area_name}
          {device.place && <span className="cell-two">{device.area_name}</span>}
        </>
      ),
    },
    !isNarrow && {
      key: 'org',
      title: word('org'),
      width: '12%',
      render: (device) => text(device.org_name),
    },
    {
      key: 'last',
      title: word('last'),
      width: isNarrow ? '38%' : '22%',
      render: (device) => <LastValues device={device} />,
    },
    !isNarrow && {
      key: 'lag',
      title: <span title={word('lagHint')}>{word('lag')}</span>,
      width: '76px',
      align: 'right',
      render: (device) => lagWords(device.lag_seconds),
    },
  ];
  return (
    <GridTable
      label={word('title')}
      columns={columns.filter((column) => column !== false)}
      rows={devices}
      rowKey={(device) => device.id}
      selected={selected}
      onPick={onPick}
    />
  );
}

function LastValues({ device }: { device: Device }) {
  const t = useT();
  const text = useText();
  if (device.last.length === 0) return <span className="yw-dim">{t('sensing.detail.noValues')}</span>;
  return (
    <span className="device-values">
      {tellingOnly(device.last)
        .slice(0, VALUES_SHOWN)
        .map((value) => (
          <span key={value.property} data-quality={value.quality}>
            <span className="yw-dim">{text(value.name)}</span> {valueWords(value)}
          </span>
        ))}
    </span>
  );
}
