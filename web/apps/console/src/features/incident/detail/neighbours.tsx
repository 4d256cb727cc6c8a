import { useQuery } from '@tanstack/react-query';
import { mapPointsQuery } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { CityMap } from '../../../parts/city-map.tsx';

const HALF_DEGREES = 0.02;

const boxAround = ({ lon, lat }: Position) =>
  [lon - HALF_DEGREES, lat - HALF_DEGREES, lon + HALF_DEGREES, lat + HALF_DEGREES]
    .map((one) => one.toFixed(5))
    .join(',');

interface NeighboursProps {
  detail: IncidentDetail;
  onOpen: (id: string) => void;
}

/** The case on the map, with the open cases around it; the same cases stand in a list beside it. */
export function Neighbours({ detail, onOpen }: NeighboursProps) {
  const t = useT();
  const { position } = detail;
  const around = useQuery({
    ...mapPointsQuery({ bbox: position ? boxAround(position) : '', open: true }),
    enabled: Boolean(position),
  });
  if (!position) return <p className="yw-dim">{t('incident.mapNone')}</p>;
  const others = (around.data ?? []).filter((point) => point.id !== detail.id);
  const points = others.flatMap(({ id, light, position: at }) =>
    at ? [{ id, light, lon: at.lon, lat: at.lat }] : [],
  );
  return (
    <section className="section" id="case-map">
      <h3>
        {t('incident.section.map')}
        <span className="yw-dim">{t('incident.neighbours', { count: others.length })}</span>
      </h3>
      <CityMap
        label={t('incident.mapTitle')}
        level={3}
        height={240}
        marker={position}
        points={points}
        onPoint={onOpen}
      />
      <ul className="neighbours">
        {others.slice(0, 6).map((point) => (
          <li key={point.id}>
            <button type="button" className="link-button" onClick={() => onOpen(point.id)}>
              {point.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
