import type { ReactNode } from 'react';
import './panel.css';

interface PanelProps {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  /** The content scrolls inside. */
  scroll?: boolean;
  flush?: boolean;
  className?: string;
}

export function Panel({ title, extra, children, scroll = false, flush = false, className = '' }: PanelProps) {
  return (
    <section className={`yw-panel ${className}`}>
      {(title || extra) && (
        <header className="yw-panel-head">
          {title && <h2>{title}</h2>}
          {extra && <div className="yw-panel-extra">{extra}</div>}
        </header>
      )}
      <div
        className="yw-panel-body"
        data-scroll={scroll}
        data-flush={flush}
        tabIndex={scroll ? 0 : undefined}
      >
        {children}
      </div>
    </section>
  );
}

export interface FactRow {
  label: string;
  value: ReactNode;
  wide?: boolean;
}

/** Label and value pairs, two to a row. */
export function Facts({ rows }: { rows: (FactRow | '' | false | null | undefined)[] }) {
  return (
    <dl className="yw-facts">
      {rows.map(
        (row) =>
          row && (
            <div key={row.label} data-wide={row.wide ?? false}>
              <dt>{row.label}</dt>
              <dd>{row.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
