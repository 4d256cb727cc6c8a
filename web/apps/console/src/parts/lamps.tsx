import type { Tone } from '@yiwang/ui/chip.tsx';
import './lamps.css';

export interface Lamp {
  key: string;
  label: string;
  count: number | undefined;
  tone: Tone;
  title?: string;
  isPressed: boolean;
}

interface LampsProps {
  label: string;
  lamps: readonly Lamp[];
  onPress: (key: string) => void;
}

/** Big numbers that also filter: what a glance at the screen has to tell. A number of none is dim. */
export function Lamps({ label, lamps, onPress }: LampsProps) {
  return (
    <fieldset className="lamps">
      <legend className="yw-visually-hidden">{label}</legend>
      {lamps.map((lamp) => (
        <button
          key={lamp.key}
          type="button"
          className="lamp"
          data-tone={lamp.count ? lamp.tone : 'plain'}
          aria-pressed={lamp.isPressed}
          title={lamp.title}
          onClick={() => onPress(lamp.key)}
        >
          <span className="lamp-label">{lamp.label}</span>
          <strong>{lamp.count?.toLocaleString('en-US') ?? '–'}</strong>
        </button>
      ))}
    </fieldset>
  );
}
