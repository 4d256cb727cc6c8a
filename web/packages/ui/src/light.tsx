import './light.css';

export type LightName = 'none' | 'green' | 'yellow' | 'orange' | 'red';

// A shape for each light: colour alone says nothing to one man in twelve.
const SHAPES: Record<LightName, string> = {
  red: 'M2 2h12v12H2z',
  orange: 'M8 1l7 7-7 7-7-7z',
  yellow: 'M8 1.5l7 13H1z',
  green: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
  none: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
};

/** The light of a clock: shape, colour, and words beside it. */
export function Light({
  light,
  label,
  paused = false,
}: {
  light: LightName;
  label: string;
  paused?: boolean;
}) {
  return (
    <span className="yw-light" data-light={paused ? 'none' : light}>
      <svg viewBox="0 0 16 16" width="11" height="11" aria-hidden="true">
        {paused ? (
          <path d="M3 2h4v12H3zM9 2h4v12H9z" fill="currentColor" />
        ) : (
          <path
            d={SHAPES[light]}
            fill={light === 'none' ? 'none' : 'currentColor'}
            stroke="currentColor"
            strokeWidth={light === 'none' ? 1.6 : 0}
          />
        )}
      </svg>
      <span className="yw-light-words">{label}</span>
    </span>
  );
}
