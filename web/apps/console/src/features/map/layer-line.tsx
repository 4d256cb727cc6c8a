import { Checkbox } from '@yiwang/ui/controls.ts';
import type { ReactNode } from 'react';

interface LineProps {
  isOn: boolean;
  name: string;
  count: number | undefined;
  onSwitch: () => void;
  children?: ReactNode;
}

/** A layer that is switched, and how much of it there is. */
export function Line({ isOn, name, count, onSwitch, children }: LineProps) {
  return (
    <div className="layer-line">
      <Checkbox checked={isOn} onChange={onSwitch}>
        {name}
      </Checkbox>
      {children}
      <span className="layer-count">{count?.toLocaleString('en-US') ?? '–'}</span>
    </div>
  );
}
