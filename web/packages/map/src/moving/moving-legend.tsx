import { useT } from '@yiwang/i18n/i18n.ts';
import { MOVER_STATES, type MoverState } from '../board/moving-layer.ts';

const COLORS: Record<MoverState, string> = {
  moving: 'var(--yw-accent)',
  standing: 'var(--yw-accent)',
  old: 'var(--yw-light-none)',
};

interface MovingLegendProps {
  /** Height and width of a sign, as CSS has it. */
  side: string;
  /** In a word each, where there is little room. */
  isShort?: boolean;
}

/** The signs of what moves, as the map draws them. */
export function MovingLegend({ side, isShort }: MovingLegendProps) {
  const t = useT();
  return MOVER_STATES.map((state) => (
    <span key={state}>
      <svg viewBox="0 0 22 22" aria-hidden="true" style={{ color: COLORS[state], width: side, height: side }}>
        <path
          d="M11 2.5l6.5 16L11 15l-6.5 3.5z"
          fill={state === 'standing' ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="2"
        />
      </svg>
      {t(`map.moving.${isShort ? 'states' : 'legend'}.${state}`)}
    </span>
  ));
}
