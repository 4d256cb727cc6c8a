import type { VitalNotice } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useNow } from '../../app/use-now.ts';
import { IndicatorLink } from './indicator-link.tsx';
import { NoticeActs } from './notice-acts.tsx';
import { FollowChip, NoticeCase } from './notice-case.tsx';
import { useAreaName, useOwnerName } from './use-names.ts';
import { plainValue } from './values.ts';

interface TableProps {
  notices: readonly VitalNotice[];
  label: string;
  /** All of one indicator: its name is said elsewhere. */
  isOfOne?: boolean;
}

export function NoticeTable({ notices, label, isOfOne = false }: TableProps) {
  const t = useT();
  const now = useNow();
  const areaName = useAreaName();
  const ownerName = useOwnerName();
  const word = (key: string) => t(`vitals.column.${key}`);
  const columns: (GridColumn<VitalNotice> | false)[] = [
    {
      key: 'grade',
      title: word('grade'),
      width: '96px',
      render: (notice) => <GradeLamp state={notice.grade} />,
    },
    !isOfOne && {
      key: 'indicator',
      title: word('indicator'),
      render: (notice) => (
        <>
          <IndicatorLink code={notice.indicator} area={notice.area}>
            {notice.name}
          </IndicatorLink>
          <span className="cell-two">
            <span className="yw-mono">{notice.indicator}</span> · {ownerName(notice.owner)}
          </span>
        </>
      ),
    },
    {
      key: 'area',
      title: word('area'),
      width: isOfOne ? '24%' : '120px',
      render: (notice) => areaName(notice.area),
    },
    {
      key: 'value',
      title: word('valueThen'),
      width: '90px',
      align: 'right',
      render: (notice) => plainValue(notice.value, ''),
    },
    {
      key: 'began',
      title: word('began'),
      width: '106px',
      render: (notice) => shortTime(notice.began_at, now),
    },
    {
      key: 'follow',
      title: word('follow'),
      width: isOfOne ? '120px' : '176px',
      render: (notice) => (
        <>
          <FollowChip notice={notice} /> <NoticeCase notice={notice} />
        </>
      ),
    },
    {
      key: 'noted',
      title: word('noted'),
      width: '22%',
      render: (notice) => <Noted notice={notice} />,
    },
  ];
  return (
    <GridTable
      label={label}
      columns={columns.filter((column) => column !== false)}
      rows={notices}
      rowKey={(notice) => notice.id}
    />
  );
}

function Noted({ notice }: { notice: VitalNotice }) {
  const now = useNow();
  if (notice.is_open) return <NoticeActs notice={notice} />;
  return (
    <>
      {notice.acknowledged_by} {shortTime(notice.acknowledged_at, now)}
      {notice.note && (
        <span className="cell-two" title={notice.note}>
          {notice.note}
        </span>
      )}
    </>
  );
}
