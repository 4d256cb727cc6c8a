import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { CloseOutlined } from '@yiwang/ui/icons.ts';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

interface CardPaneProps {
  title: ReactNode;
  note?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** The card beside the map. It takes the focus when it opens; Escape closes it. */
export function CardPane({ title, note, onClose, children }: CardPaneProps) {
  const t = useT();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    pane.current?.focus({ preventScroll: true });
    if (matchMedia('(max-width: 900px)').matches) pane.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const onKey = (event: KeyboardEvent) => {
    // A dialog that was opened from here has its own way to close.
    const isHere = event.target instanceof Node && pane.current?.contains(event.target);
    if (event.key !== 'Escape' || event.defaultPrevented || !isHere) return;
    event.preventDefault();
    onClose();
    (document.querySelector<HTMLElement>('.thing-list') ?? document.getElementById('main'))?.focus();
  };
  return (
    <aside ref={pane} className="map-card" tabIndex={-1} aria-label={t('map.card.label')} onKeyDown={onKey}>
      <header className="side-head">
        <div>
          <h3>{title}</h3>
          {note && <div className="side-note">{note}</div>}
        </div>
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t('shell.common.close')}
          onClick={onClose}
        />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div className="side-body" tabIndex={0}>
        {children}
      </div>
    </aside>
  );
}
