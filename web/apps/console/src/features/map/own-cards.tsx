import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmQuery } from '@yiwang/api/alerting-api.ts';
import { areasGeojsonQuery, areasQuery } from '@yiwang/api/catalog-api.ts';
import { incidentQuery } from '@yiwang/api/incident-api.ts';
import { deviceQuery } from '@yiwang/api/sensing-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime, shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Light } from '@yiwang/ui/light.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useEffect, useMemo } from 'react';
import { useNow } from '../../app/use-now.ts';
import { DueLight } from '../../parts/due-light.tsx';
import { SeverityChip } from '../../parts/severity.tsx';
import { GradeChip, StatusChip } from '../../parts/status-chip.tsx';
import { CardPane } from './card-pane.tsx';
import type { CardProps } from './feature-card.tsx';

function usePlaceMark(position: Position | null | undefined, onMark: CardProps['onMark']): void {
  const [lon, lat] = [position?.lon, position?.lat];
  useEffect(() => {
    if (lon !== undefined && lat !== undefined) onMark({ type: 'Point', coordinates: [lon, lat] });
  }, [lon, lat, onMark]);
}

/** A case: how it stands; the rest is on its page. */
export function CaseCard({ id, onClose, onMark }: CardProps) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const query = useQuery(incidentQuery(id));
  const row = query.data;
  usePlaceMark(row?.position, onMark);
  return (
    <CardPane
      title={row?.title ?? t('map.own.case')}
      onClose={onClose}
      note={
        row && (
          <>
            <span className="yw-mono">{row.number}</span>
            <StatusChip status={row.status} />
            <GradeChip grade={row.grade} />
            <DueLight row={row} />
          </>
        )
      }
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <p className="map-go">
              <Link to="/incidents" search={{ scope: 'all', sel: one.id }}>
                {t('map.card.openCase')}
              </Link>
            </p>
            <Facts
              rows={[
                { label: t('map.card.address'), value: one.address, wide: true },
                one.item && { label: t('map.card.item'), value: text(one.item.name), wide: true },
                one.area && { label: t('map.card.area'), value: one.area.name, wide: true },
                one.lead && { label: t('map.card.lead'), value: text(one.lead.name), wide: true },
                { label: t('map.card.source'), value: term('source', one.source) },
                { label: t('map.card.created'), value: fullTime(one.created_at), wide: true },
              ]}
            />
            <p className="map-words">{one.description}</p>
          </>
        )}
      </Loaded>
    </CardPane>
  );
}

/** An alarm: what was raised and where; the reasons are on its page. */
export function AlarmCard({ id, onClose, onMark }: CardProps) {
  const t = useT();
  const query = useQuery(alarmQuery(id));
  const alarm = query.data;
  usePlaceMark(alarm?.position, onMark);
  return (
    <CardPane
      title={alarm?.rule_name ?? t('map.own.alarm')}
      onClose={onClose}
      note={
        alarm && (
          <>
            <SeverityChip severity={alarm.severity} />
            <Chip tone={alarm.is_open ? 'red' : 'green'}>
              {t(alarm.is_open ? 'map.card.alarmOpen' : 'map.card.alarmEnded')}
            </Chip>
          </>
        )
      }
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <p className="map-go">
              <Link to="/alarms" search={{ phase: 'all', sel: one.id }}>
                {t('map.card.openAlarm')}
              </Link>
              {one.case && (
                <Link to="/incidents" search={{ scope: 'all', sel: one.case.id }}>
                  {one.case.number}
                </Link>
              )}
            </p>
            <Facts
              rows={[
                { label: t('map.card.device'), value: one.device_name, wide: true },
                one.place && { label: t('map.card.address'), value: one.place, wide: true },
                one.area_name && { label: t('map.card.area'), value: one.area_name, wide: true },
                { label: t('map.card.opened'), value: fullTime(one.opened_at), wide: true },
                {
                  label: t('map.card.acknowledged'),
                  value: one.acknowledged_at ? (one.acknowledged_by ?? '') : t('map.card.notYet'),
                  wide: true,
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </CardPane>
  );
}

const HEARING_LIGHTS = { online: 'green', offline: 'orange', silent: 'red', never: 'none' } as const;

/** A device: what it said last; its curves are on its page. */
export function DeviceCard({ id, onClose, onMark }: CardProps) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const query = useQuery(deviceQuery(id));
  const device = query.data;
  usePlaceMark(device?.position, onMark);
  return (
    <CardPane
      title={device?.name ?? t('map.card.device')}
      onClose={onClose}
      note={
        device && (
          <>
            <span className="yw-mono">{device.code}</span>
            <Light light={HEARING_LIGHTS[device.hearing]} label={t(`sensing.hearing.${device.hearing}`)} />
          </>
        )
      }
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <p className="map-go">
              <Link to="/devices" search={{ sel: one.id }}>
                {t('map.card.openDevice')}
              </Link>
              <Link to="/alarms" search={{ phase: 'all', device: one.code }}>
                {t('sensing.detail.alarms')}
              </Link>
            </p>
            <Facts
              rows={[
                { label: t('map.card.kind'), value: text(one.profile_name), wide: true },
                ...one.last.slice(0, 8).map((last) => ({
                  label: text(last.name),
                  value: `${last.value ?? last.text ?? '—'} ${last.unit ?? ''} · ${shortTime(last.time, now)}`,
                  wide: true,
                })),
                { label: t('sensing.state'), value: t(`sensing.states.${one.state}`) },
                one.org_name && { label: t('map.card.org'), value: text(one.org_name), wide: true },
                one.area_name && { label: t('map.card.area'), value: one.area_name, wide: true },
                one.place && { label: t('map.card.address'), value: one.place, wide: true },
              ]}
            />
          </>
        )}
      </Loaded>
    </CardPane>
  );
}

const LEVELS = { towns: 2, villages: 3, grids: 4 } as const;

/** A town, village or grid of the city's own list. */
export function AreaCard({ layer, id, onClose, onMark }: CardProps & { layer: Layer }) {
  const t = useT();
  const text = useText();
  const level = LEVELS[layer.content as keyof typeof LEVELS] ?? 2;
  const areas = useQuery(areasQuery(level));
  const parents = useQuery({ ...areasQuery(level - 1), enabled: level > 2 }).data;
  const shapes = useQuery(areasGeojsonQuery(level)).data;
  const shape = useMemo(
    () => shapes?.features.find((one) => one.properties?.code === id)?.geometry,
    [shapes, id],
  );
  useEffect(() => onMark(shape), [shape, onMark]);
  const area = areas.data?.find((one) => one.code === id);
  const parent = parents?.find((one) => one.code === area?.parent);
  return (
    <CardPane
      title={area?.name ?? text(layer.name)}
      onClose={onClose}
      note={
        <>
          <span>{text(layer.name)}</span>
          <span className="yw-mono">{id}</span>
        </>
      }
    >
      <Loaded query={areas}>
        {() =>
          area ? (
            <Facts
              rows={[
                parent && { label: t('map.card.within'), value: parent.name, wide: true },
                {
                  label: t('map.card.place'),
                  value: (
                    <span className="yw-mono">{`${area.label.lon.toFixed(5)}, ${area.label.lat.toFixed(5)}`}</span>
                  ),
                  wide: true,
                },
              ]}
            />
          ) : (
            <Empty text={t('map.card.gone')} />
          )
        }
      </Loaded>
    </CardPane>
  );
}
