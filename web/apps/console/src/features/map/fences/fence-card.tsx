import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { orgsQuery } from '@yiwang/api/catalog-api.ts';
import type { Fence } from '@yiwang/api/types/fence.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { groundGeometry } from '@yiwang/map/board/fence-style.ts';
import { Alert, Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useEffect } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { SideSection } from '../../../parts/side-pane.tsx';
import { CardPane } from '../card-pane.tsx';
import { FenceEvents } from './fence-events.tsx';
import { useFenceWords } from './fence-words.ts';
import { isConflict, useFenceChanges } from './use-fence-changes.ts';
import './fences.css';

interface FenceCardProps {
  id: string;
  board: Board | undefined;
  query: UseQueryResult<Fence[]>;
  onEdit: () => void;
  onMark: (geometry: GeoJSON.Geometry | undefined) => void;
  onClose: () => void;
}

/** A fence: what it says, what it told, and what may be done with it. */
export default function FenceCard({ id, board, query, onEdit, onMark, onClose }: FenceCardProps) {
  const t = useT();
  const { can } = useSigned();
  const fence = query.data?.find((one) => one.id === id);
  const outline = fence?.plan.outline;
  useEffect(() => onMark(outline && groundGeometry(outline)), [outline, onMark]);
  return (
    <CardPane
      title={fence?.name ?? t('map.fences.one')}
      onClose={onClose}
      note={fence && <span>{t(`map.fences.states.${fence.is_on ? 'on' : 'off'}`)}</span>}
    >
      <Loaded query={query}>
        {() =>
          fence ? (
            <>
              {can('geo.edit') && <Actions fence={fence} onEdit={onEdit} onGone={onClose} />}
              <Told fence={fence} />
              {can('sensing.read') && (
                <SideSection title={t('map.fences.events')}>
                  <FenceEvents fence={id} onPlace={(place) => board?.go(place)} />
                </SideSection>
              )}
            </>
          ) : (
            <Empty text={t('map.fences.gone')} />
          )
        }
      </Loaded>
    </CardPane>
  );
}

function Actions({ fence, onEdit, onGone }: { fence: Fence; onEdit: () => void; onGone: () => void }) {
  const t = useT();
  const { update, remove } = useFenceChanges();
  const fault = update.error ?? remove.error;
  const isBusy = update.isPending || remove.isPending;
  return (
    <section className="map-actions" aria-label={t('map.edit.label')}>
      <div className="toolbar">
        <Button size="small" type="primary" disabled={isBusy} onClick={onEdit}>
          {t('map.fences.edit')}
        </Button>
        <Button
          size="small"
          disabled={isBusy}
          onClick={() => update.mutate({ seen: fence, body: { is_on: !fence.is_on } })}
        >
          {t(fence.is_on ? 'map.fences.off' : 'map.fences.on')}
        </Button>
        <Popconfirm
          title={t('map.fences.removeSure')}
          description={t('map.fences.removeHint')}
          okText={t('map.fences.remove')}
          okButtonProps={{ danger: true }}
          cancelText={t('shell.common.cancel')}
          onConfirm={() => remove.mutate(fence.id, { onSuccess: onGone })}
        >
          <Button danger size="small" disabled={isBusy}>
            {t('map.fences.remove')}
          </Button>
        </Popconfirm>
      </div>
      {isConflict(fault) ? (
        <Alert
          type="warning"
          showIcon
          title={t('map.fences.conflict')}
          description={t('map.fences.conflictSwitch')}
        />
      ) : (
        <ProblemNote fault={fault} title={t('map.fences.failed')} />
      )}
    </section>
  );
}

function Told({ fence }: { fence: Fence }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const words = useFenceWords();
  const org = useQuery(orgsQuery).data?.find(({ id }) => id === fence.org);
  const word = (key: string) => t(`map.fences.facts.${key}`);
  const { hysteresis_m = 20, fixes_min = 1, seconds_min = 0 } = fence.plan.border ?? {};
  const span = words.span(fence);
  const form = (key: string) => t(`map.fences.form.${key}`);
  return (
    <Facts
      rows={[
        { label: word('kind'), value: words.ground(fence), wide: true },
        { label: word('rules'), value: words.rules(fence).join('、'), wide: true },
        { label: word('concerns'), value: words.concerns(fence), wide: true },
        { label: word('schedule'), value: words.schedule(fence), wide: true },
        span && { label: word('span'), value: span, wide: true },
        {
          label: word('border'),
          value: `${form('hysteresis')} ${hysteresis_m} · ${form('fixes')} ${fixes_min} · ${form('seconds')} ${seconds_min}`,
          wide: true,
        },
        org && { label: word('org'), value: text(org.name), wide: true },
        fence.area && { label: word('area'), value: fence.area, wide: true },
        fence.secrecy > 1 && { label: word('secrecy'), value: term('secrecy', String(fence.secrecy)) },
        { label: word('changed'), value: `${fullTime(fence.updated_at)} ${fence.updated_by}`, wide: true },
      ]}
    />
  );
}
