import type { ReactNode } from 'react';
import './chip.css';

export type Tone = 'plain' | 'accent' | 'red' | 'orange' | 'yellow' | 'green';

/** A small label. */
export function Chip({
  tone = 'plain',
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className="yw-chip" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
