import { ApiProblem } from '@yiwang/api/client.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { MovingLegend } from '@yiwang/map/moving/moving-legend.tsx';
import type { MovingState } from '@yiwang/map/moving/use-moving.ts';
import type { Read } from '../parts/frame.tsx';

const FORBIDDEN = 403;

/** Positions that came and come no more make the whole map as old as they are; those that never came do not. */
export const movingRead = ({ goodAt, fault }: Pick<MovingState, 'goodAt' | 'fault'>): Read[] =>
  goodAt === undefined ? [] : [{ data: true, error: fault, isPending: false, dataUpdatedAt: goodAt }];

/** What the signs of what moves mean, how many there are, and since when none come. */
export function MovingRow({ moving }: { moving: MovingState }) {
  const words = useWords(moving);
  return (
    <p className="ww-map-legend" data-bad={moving.fault !== undefined}>
      <span>{words}</span>
      <MovingLegend side="calc(17 * var(--u))" isShort />
    </p>
  );
}

function useWords({ isThere, count, fault, goodAt }: MovingState): string {
  const t = useT();
  if (!isThere) return t('wall.map.movingComes');
  if (fault === undefined) return t('wall.map.moving', { count });
  if (fault instanceof ApiProblem && fault.status === FORBIDDEN) return t('map.moving.refused');
  return goodAt === undefined
    ? t('wall.map.movingFault')
    : t('wall.map.movingOld', { time: civil(goodAt).time });
}
