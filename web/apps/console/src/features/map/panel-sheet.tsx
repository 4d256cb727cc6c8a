import { useT } from '@yiwang/i18n/i18n.ts';
import { type ReactNode, useState } from 'react';

/** The panels beside the map; on a small screen a sheet over it, which is drawn up and down. */
export function PanelSheet({ children }: { children: ReactNode }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button beside it does the same by key
    <div
      className="map-sheet"
      data-open={isOpen}
      onClick={(event) => {
        // Whoever takes a tab wants to see what is in it.
        if (event.target instanceof Element && event.target.closest('[role="tab"]')) setOpen(true);
      }}
    >
      <button
        type="button"
        className="map-sheet-handle"
        aria-expanded={isOpen}
        aria-label={t(isOpen ? 'map.sheet.close' : 'map.sheet.open')}
        onClick={() => setOpen(!isOpen)}
      >
        <i aria-hidden="true" />
      </button>
      {children}
    </div>
  );
}
