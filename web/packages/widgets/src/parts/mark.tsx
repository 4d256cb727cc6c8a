import { useT } from '@yiwang/i18n/i18n.ts';
import type { Tone } from './figures.ts';
import './mark.css';

// A shape for each: colour alone says nothing to one man in twelve. The console draws the same.
const SHAPES: Record<Tone, string> = {
  alarm: 'M2 2h12v12H2z',
  warning: 'M8 1l7 7-7 7-7-7z',
  attention: 'M8 1.5l7 13H1z',
  normal: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
  stale: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM4.4 11.6l7.2-7.2',
  plain: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
};

/** How something stands: shape and colour, and words for those who hear. */
export function Mark({ tone, words }: { tone: Tone; words?: string | undefined }) {
  const t = useT();
  const isHollow = tone === 'stale' || tone === 'plain';
  return (
    <span className="ww-mark" data-tone={tone}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={SHAPES[tone]}
          fill={isHollow ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth={isHollow ? 1.8 : 0}
        />
      </svg>
      <span className="yw-visually-hidden">{words ?? t(`wall.tone.${tone}`)}</span>
    </span>
  );
}
