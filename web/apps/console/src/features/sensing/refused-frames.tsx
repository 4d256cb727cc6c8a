import { useInfiniteQuery } from '@tanstack/react-query';
import { sensingRefusalsQuery } from '@yiwang/api/sensing-api.ts';
import type { RefusedFrame } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Modal } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { FrameBytes } from '../../parts/frame-bytes.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { useRefused } from '../../parts/refused.ts';
import { RefusedFilters } from './refused-filters.tsx';
import { refusedQueryOf } from './refused-query.ts';

/** What was not taken in and why, as it came. */
export function RefusedFrames({ notKept }: { notKept: number }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const [open, setOpen] = useState<RefusedFrame>();
  const query = useInfiniteQuery(sensingRefusalsQuery(refusedQueryOf(search)));
  const frames = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      flush
      scroll
      className="sensing-refused"
      title={t('sensing.health.refusals')}
      extra={<span className="yw-dim">{t('sensing.health.refusalsHint')}</span>}
    >
      <RefusedFilters search={search} onChange={(change) => setSearch(change, { replace: true })} />
      {notKept > 0 && (
        <p className="sensing-note">
          {t('sensing.health.notKept', { count: notKept.toLocaleString('en-US') })}
        </p>
      )}
      <Loaded query={query}>
        {() =>
          frames.length === 0 ? (
            <Empty text={t('sensing.health.none')} />
          ) : (
            <RefusedTable frames={frames} onPick={setOpen} />
          )
        }
      </Loaded>
      {frames.length > 0 && <LoadMore count={frames.length} query={query} />}
      {open && <RefusedDialog frame={open} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

function RefusedTable({ frames, onPick }: { frames: RefusedFrame[]; onPick: (frame: RefusedFrame) => void }) {
  const t = useT();
  const refused = useRefused();
  const word = (key: string) => t(`sensing.health.${key}`);
  const columns: GridColumn<RefusedFrame>[] = [
    { key: 'at', title: word('time'), width: '160px', render: (frame) => fullTime(frame.at) },
    {
      key: 'edge',
      title: word('edge'),
      width: '110px',
      render: (frame) => t(`sensing.protocols.${frame.edge}`),
    },
    {
      key: 'device',
      title: word('device'),
      width: '150px',
      render: (frame) => <span className="yw-mono">{frame.device ?? '—'}</span>,
    },
    {
      key: 'reason',
      title: word('reason'),
      width: '160px',
      render: (frame) => <strong title={frame.code}>{refused(frame.code)}</strong>,
    },
    { key: 'words', title: word('words'), render: (frame) => frame.message },
    {
      key: 'frame',
      title: t('sensing.detail.frames'),
      width: '24%',
      render: (frame) => (
        <span className="cell-two yw-mono">{(frame.text || frame.hex).slice(0, 80) || '—'}</span>
      ),
    },
  ];
  return (
    <GridTable
      label={word('refusals')}
      columns={columns}
      rows={frames}
      rowKey={(frame) => String(frame.id)}
      onPick={onPick}
    />
  );
}

function RefusedDialog({ frame, onClose }: { frame: RefusedFrame; onClose: () => void }) {
  const t = useT();
  const refused = useRefused();
  const word = (key: string) => t(`sensing.health.${key}`);
  return (
    <Modal open width={680} title={word('see')} footer={null} onCancel={onClose}>
      <Facts
        rows={[
          { label: word('time'), value: fullTime(frame.at) },
          { label: word('edge'), value: t(`sensing.protocols.${frame.edge}`) },
          { label: word('device'), value: frame.device ?? '—' },
          { label: word('remote'), value: frame.remote ?? '—' },
          { label: word('reason'), value: `${refused(frame.code)} (${frame.code})`, wide: true },
          { label: word('words'), value: frame.message, wide: true },
          { label: t('sensing.frames.bytes'), value: frame.bytes },
        ]}
      />
      <FrameBytes text={frame.text} hex={frame.hex} bytes={frame.bytes} />
    </Modal>
  );
}
