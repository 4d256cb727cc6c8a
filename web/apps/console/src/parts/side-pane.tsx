import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { CloseOutlined } from '@yiwang/ui/icons.ts';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import './side-pane.css';

/** A list, and beside it what was chosen from it. */
export function SideSplit({ children, pane }: { children: ReactNode; pane: ReactNode }) {
  return (
    <div className="side-split" data-open={Boolean(pane)}>
      <div className="side-list">{children}</div>
      {pane}
    </div>
  );
}

interface SidePaneProps {
  label: string;
  title: ReactNode;
  note?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** Escape closes it, and the focus goes back to the row that it came from. */
export function SidePane({ label, title, note, onClose, children }: SidePaneProps) {
  const t = useT();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (matchMedia('(max-width: 900px)').matches) pane.current?.scrollIntoView();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    // A dialog that was opened from here has its own way to close.
    const isHere = event.target instanceof Node && pane.current?.contains(event.target);
    if (event.key !== 'Escape' || event.defaultPrevented || !isHere) return;
    event.preventDefault();
    const row = document.querySelector<HTMLElement>('.side-list tr[aria-current="true"]');
    onClose();
    row?.focus();
  };
  return (
    <aside ref={pane} className="side-pane" aria-label={label} onKeyDown={onKey}>
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

/** A part of the pane under its own heading. */
export function SideSection({
  title,
  extra,
  children,
}: {
  title: string;
  extra?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="side-section" aria-label={title}>
      <h4>
        {title}
        {extra && <span className="side-extra">{extra}</span>}
      </h4>
      {children}
    </section>
  );
}
