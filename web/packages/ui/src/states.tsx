import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Spin } from 'antd';
import { Component, type ReactNode } from 'react';
import './states.css';

export function Loading() {
  const t = useT();
  return (
    <output className="yw-state">
      <Spin size="small" />
      <span>{t('shell.states.loading')}</span>
    </output>
  );
}

export function Empty({ text, hint, children }: { text?: string; hint?: string; children?: ReactNode }) {
  const t = useT();
  return (
    <div className="yw-state">
      <strong>{text ?? t('shell.states.empty')}</strong>
      {hint && <span className="yw-dim">{hint}</span>}
      {children}
    </div>
  );
}

export function Forbidden() {
  const t = useT();
  return (
    <div className="yw-state" role="alert">
      <strong>{t('shell.states.forbidden')}</strong>
      <span className="yw-dim">{t('shell.states.forbiddenHint')}</span>
    </div>
  );
}

export interface FaultProps {
  fault: unknown;
  onRetry?: () => void;
}

function wordsOf(fault: unknown): { code: string; text: string; status: number } {
  const text = fault instanceof Error ? fault.message : '';
  if (fault && typeof fault === 'object' && 'problem' in fault) {
    const { code, status } = fault.problem as { code: string; status: number };
    return { code, text, status };
  }
  return { code: 'page', text, status: -1 };
}

/** What went wrong, in words, with a way on. */
export function Fault({ fault, onRetry }: FaultProps) {
  const t = useT();
  const { code, text, status } = wordsOf(fault);
  if (status === 403) return <Forbidden />;
  return (
    <div className="yw-state" role="alert">
      <strong>{status === 404 ? t('shell.states.notFound') : t('shell.states.error')}</strong>
      <span className="yw-dim">{text}</span>
      {status > 0 && <span className="yw-dim yw-mono">{code}</span>}
      {onRetry && status !== 404 && (
        <Button size="small" onClick={onRetry}>
          {t('shell.states.retry')}
        </Button>
      )}
    </div>
  );
}

interface BoundaryProps {
  children: ReactNode;
  /** A change of it clears the fault. */
  resetKey?: string;
}

function Crashed({ onRetry }: { onRetry: () => void }) {
  const t = useT();
  return (
    <div className="yw-state" role="alert">
      <strong>{t('shell.states.crashed')}</strong>
      <span className="yw-dim">{t('shell.states.crashedHint')}</span>
      <Button size="small" onClick={onRetry}>
        {t('shell.states.retry')}
      </Button>
    </div>
  );
}

/** A part that fails takes nothing else with it. */
export class Boundary extends Component<BoundaryProps, { failed: boolean; key: string | undefined }> {
  override state = { failed: false, key: this.props.resetKey };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: { failed: boolean; key: string | undefined }) {
    return props.resetKey === state.key ? null : { failed: false, key: props.resetKey };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <Crashed onRetry={() => this.setState({ failed: false })} />;
  }
}

export interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/** Loading, refused, failed, stale or there: every read shows one of them. */
export function Loaded<T>({ query, children }: { query: Loadable<T>; children: (data: T) => ReactNode }) {
  const t = useT();
  if (query.data !== undefined) {
    const time = new Date(query.dataUpdatedAt).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai' });
    return (
      <>
        {query.error ? (
          <p className="yw-stale" role="status">
            {t('shell.states.stale', { time })}
          </p>
        ) : null}
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <Fault fault={query.error} onRetry={() => void query.refetch()} />;
  return query.isPending ? <Loading /> : null;
}
