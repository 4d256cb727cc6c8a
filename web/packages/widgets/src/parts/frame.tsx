import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import type { ReactNode } from 'react';
import { staleSince } from '../data/refresh.ts';
import { useSetting } from './setting.ts';
import { useNow } from './use-clock.ts';
import './frame.css';

export interface Read {
  data: unknown;
  error: unknown;
  isPending: boolean;
  dataUpdatedAt: number;
}

export interface FrameProps {
  title: string;
  /** What it is drawn from; nothing where it is drawn from nothing. */
  reads?: readonly Read[];
  isEmpty?: boolean | undefined;
  /** Said where it is empty. */
  emptyWords?: string | undefined;
  /** Since when its numbers are so. */
  asOf?: string | null | undefined;
  extra?: ReactNode;
  children?: ReactNode;
  isFlush?: boolean;
}

/** The frame of a widget, and what it says while there is nothing to show. */
export function Frame({
  title,
  reads = [],
  isEmpty,
  emptyWords,
  asOf,
  extra,
  children,
  isFlush,
}: FrameProps) {
  const t = useT();
  const state = useFrameState(reads, isEmpty ?? false);
  const isShown = state.kind === 'shown' || state.kind === 'stale';
  const time = state.kind === 'stale' ? civil(state.since).time : asOf ? civil(asOf).time : undefined;
  return (
    <section className="ww" data-state={state.kind} aria-label={title}>
      <header className="ww-head">
        <h3 title={title}>{title}</h3>
        {extra}
        {time && isShown && (
          <span className="ww-as-of">
            {t(state.kind === 'stale' ? 'wall.frame.staleSince' : 'wall.frame.asOf', { time })}
          </span>
        )}
      </header>
      <div className="ww-body" data-flush={isFlush ?? false}>
        {isShown ? (
          children
        ) : (
          <p className="ww-note" role={state.kind === 'loading' ? 'status' : undefined}>
            {state.kind === 'empty' && emptyWords ? emptyWords : t(`wall.frame.${state.kind}`)}
          </p>
        )}
      </div>
    </section>
  );
}

type FrameState =
  | { kind: 'shown' | 'loading' | 'empty' | 'forbidden' | 'missing' | 'failed' }
  | { kind: 'stale'; since: number };

const statusOf = (error: unknown) =>
  error && typeof error === 'object' && 'status' in error ? Number(error.status) : 0;

function useFrameState(reads: readonly Read[], isEmpty: boolean): FrameState {
  const now = useNow();
  const { refreshSeconds } = useSetting();
  const without = reads.filter((read) => read.data === undefined);
  const failed = without.find((read) => read.error);
  if (failed) {
    const status = statusOf(failed.error);
    return { kind: status === 403 ? 'forbidden' : status === 404 ? 'missing' : 'failed' };
  }
  if (without.some((read) => read.isPending)) return { kind: 'loading' };
  // The oldest of its numbers is how old the widget is.
  const oldest = Math.min(...reads.map((read) => read.dataUpdatedAt));
  const since = reads.some((read) => read.error)
    ? staleSince([oldest], { now, refreshSeconds, begunAt: 0 })
    : undefined;
  if (since !== undefined) return { kind: 'stale', since };
  return { kind: isEmpty ? 'empty' : 'shown' };
}
