import { useT } from '@yiwang/i18n/i18n.ts';
import './grade-lamp.css';

/** How a number of the city stands, or the lamp of an index. */
export type LampState =
  | 'alarm'
  | 'warning'
  | 'attention'
  | 'normal'
  | 'stale'
  | 'ungraded'
  | 'nothing'
  | 'waiting'
  | 'red'
  | 'orange'
  | 'yellow'
  | 'green';

type Colour = 'red' | 'orange' | 'yellow' | 'green' | 'grey';

const COLOURS: Record<LampState, Colour> = {
  alarm: 'red',
  warning: 'orange',
  attention: 'yellow',
  normal: 'green',
  stale: 'grey',
  ungraded: 'grey',
  nothing: 'grey',
  waiting: 'grey',
  red: 'red',
  orange: 'orange',
  yellow: 'yellow',
  green: 'green',
};

// A shape for each colour, as the lights of clocks have it; what is not graded is hollow, each in its own way.
const FILLED: Record<Exclude<Colour, 'grey'>, string> = {
  red: 'M2 2h12v12H2z',
  orange: 'M8 1l7 7-7 7-7-7z',
  yellow: 'M8 1.5l7 13H1z',
  green: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
};
const HOLLOW = {
  stale: 'M3 3l10 10M13 3L3 13',
  ungraded: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  nothing: 'M3 8h10',
  waiting: 'M4 2h8L4 14h8z',
} as const;

interface GradeLampProps {
  /** Nothing where there is not enough to say. */
  state: LampState | null | undefined;
  /** Other words than those of the state. */
  label?: string;
  size?: 'small' | 'large';
  /** The words are for those who do not see the shape; others have them beside it. */
  isBare?: boolean;
}

/** The lamp of a grade: shape, colour and word. */
export function GradeLamp({ state, label, size = 'small', isBare = false }: GradeLampProps) {
  const t = useT();
  const shown = state ?? 'nothing';
  const colour = COLOURS[shown];
  const words = label ?? (state ? t(`vitals.state.${state}`) : t('vitals.noLamp'));
  const pixels = size === 'large' ? 18 : 11;
  return (
    <span className="grade-lamp" data-colour={colour} data-size={size}>
      <svg viewBox="0 0 16 16" width={pixels} height={pixels} aria-hidden="true">
        {colour === 'grey' ? (
          <path
            d={HOLLOW[shown as keyof typeof HOLLOW]}
            fill="none"
            stroke="currentColor"
            strokeWidth={1.8}
          />
        ) : (
          <path d={FILLED[colour]} fill="currentColor" />
        )}
      </svg>
      <span className={isBare ? 'yw-visually-hidden' : 'grade-lamp-words'}>{words}</span>
    </span>
  );
}
