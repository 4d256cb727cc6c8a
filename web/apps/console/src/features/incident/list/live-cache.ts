import type { QueryClient } from '@tanstack/react-query';
import type { Query } from '@yiwang/api/client.ts';
import { incidentApi, incidentKeys, readIncidentPage } from '@yiwang/api/incident-api.ts';
import type { LiveEvent } from '@yiwang/api/live.ts';
import type { Sort } from '../../../parts/incident-filters.ts';
import {
  applyChanges,
  type CaseChange,
  changeOf,
  mergeHead,
  type Pages,
  replaceRows,
} from './live-reducer.ts';

const GATHER_MS = 150;
const HEAD_MS = 700;
const FIGURES_MS = 3_000;
/** More changed rows than this at once: only the first page and what is open are read again. */
const ROWS_READ_MAX = 12;

/** Keeps lists, details and figures in step with what others do. */
export class LiveCache {
  private readonly client: QueryClient;
  private changes = new Map<string, CaseChange>();
  private timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(client: QueryClient) {
    this.client = client;
  }

  hear(event: LiveEvent): void {
    const change = changeOf(event);
    if (!change) return;
    this.changes.set(change.id, change);
    this.later('rows', GATHER_MS, () => this.apply());
    this.later('head', HEAD_MS, () => void this.readHeads());
    this.later('figures', FIGURES_MS, () => this.readFigures());
  }

  reset(): void {
    void this.client.invalidateQueries();
    void this.client.resetQueries({ queryKey: incidentKeys.lists });
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private later(name: string, ms: number, run: () => void): void {
    if (this.timers.has(name)) return;
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        run();
      }, ms),
    );
  }

  private apply(): void {
    const changes = this.changes;
    this.changes = new Map();
    this.client.setQueriesData<Pages>(
      { queryKey: incidentKeys.lists },
      (data) => data && applyChanges(data, changes),
    );
    for (const id of changes.keys()) {
      void this.client.invalidateQueries({ queryKey: incidentKeys.detail(id) });
      void this.client.invalidateQueries({ queryKey: incidentKeys.timeline(id) });
    }
    if (changes.size <= ROWS_READ_MAX) void this.readRows([...changes.keys()]);
  }

  private active() {
    return this.client.getQueryCache().findAll({ queryKey: incidentKeys.lists, type: 'active' });
  }

  private async readRows(ids: string[]): Promise<void> {
    const shown = new Set(
      this.active().flatMap((query) =>
        ((query.state.data as Pages | undefined)?.pages ?? []).flatMap((page) =>
          page.items.map((row) => row.id),
        ),
      ),
    );
    const wanted = ids.filter((id) => shown.has(id));
    const rows = await Promise.allSettled(wanted.map((id) => incidentApi.read(id)));
    const read = rows.flatMap((row) => (row.status === 'fulfilled' ? [row.value] : []));
    if (read.length === 0) return;
    this.client.setQueriesData<Pages>(
      { queryKey: incidentKeys.lists },
      (data) => data && replaceRows(data, read),
    );
  }

  private async readHeads(): Promise<void> {
    for (const query of this.active()) {
      const filter = query.queryKey[2] as Query;
      try {
        const fresh = await readIncidentPage(filter);
        this.client.setQueryData<Pages>(
          query.queryKey,
          (data) => data && mergeHead(data, fresh, filter.sort as Sort),
        );
      } catch {
        // The line that broke this reading also breaks the stream; its return reads again.
      }
    }
  }

  private readFigures(): void {
    void this.client.invalidateQueries({ queryKey: incidentKeys.numbers });
    void this.client.invalidateQueries({ queryKey: incidentKeys.tasks });
  }
}
