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
  className?: string;
  /** It takes the focus when it opens. */
  isFocused?: boolean;
  /** What the focus goes back to; the row that it came from where nothing is said. */
  cameFrom?: () => HTMLElement | null;
}

const currentRow = () => document.querySelector<HTMLElement>('.side-list tr[aria-current="true"]');

/** Escape closes it, and the focus goes back to where it came from. */
export function SidePane(props: SidePaneProps) {
  const { label, title, note, onClose, children, className = '', isFocused = false } = props;
  const { cameFrom = currentRow } = props;
  const t = useT();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isFocused) pane.current?.focus({ preventScroll: true });
    else if (matchMedia('(max-width: 900px)').matches) pane.current?.scrollIntoView();
  }, [isFocused]);
  const onKey = (event: KeyboardEvent) => {
    // A dialog that was opened from here has its own way to close.
    const isHere = event.target instanceof Node && pane.current?.contains(event.target);
    if (event.key !== 'Escape' || event.defaultPrevented || !isHere) return;
    event.preventDefault();
    const before = cameFrom();
    onClose();
    before?.focus();
  };
  return (
    <aside
      ref={pane}
      className={`side-pane ${className}`}
      tabIndex={isFocused ? -1 : undefined}
      aria-label={label}
      onKeyDown={onKey}
    >
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
