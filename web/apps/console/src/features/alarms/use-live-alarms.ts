import { useQueryClient } from '@tanstack/react-query';
import { alarmKeys, readAlarmPage } from '@yiwang/api/alerting-api.ts';
import type { Query } from '@yiwang/api/client.ts';
import type { Severity } from '@yiwang/api/types/alerting.ts';
import { useEffect, useState } from 'react';
import { onLive } from '../../app/live-store.ts';
import {
  type AlarmChange,
  type AlarmPages,
  alarmChangeOf,
  mergeAlarmHead,
  patchAlarms,
} from './live-alarms.ts';

const GATHER_MS = 200;
const HEAD_MS = 800;
const FIGURES_MS = 1_500;

/** Keeps lists, details and numbers in step with the judge and with others; answers what was raised last. */
export function useLiveAlarms(): Severity | undefined {
  const client = useQueryClient();
  const [raised, setRaised] = useState<Severity>();
  useEffect(() => {
    let changes = new Map<string, AlarmChange>();
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const later = (name: string, ms: number, run: () => void) => {
      if (timers.has(name)) return;
      timers.set(
        name,
        setTimeout(() => {
          timers.delete(name);
          run();
        }, ms),
      );
    };
    const apply = () => {
      const gathered = changes;
      changes = new Map();
      client.setQueriesData<AlarmPages>(
        { queryKey: alarmKeys.lists },
        (data) => data && patchAlarms(data, gathered),
      );
      for (const id of gathered.keys()) void client.invalidateQueries({ queryKey: alarmKeys.one(id) });
    };
    const readHeads = async () => {
      for (const query of client.getQueryCache().findAll({ queryKey: alarmKeys.lists, type: 'active' })) {
        try {
          const fresh = await readAlarmPage(query.queryKey[2] as Query);
          client.setQueryData<AlarmPages>(query.queryKey, (data) => data && mergeAlarmHead(data, fresh));
        } catch {
          // The line that broke this reading also breaks the stream; its return reads again.
        }
      }
    };
    const forget = onLive((event) => {
      const change = alarmChangeOf(event);
      if (!change) return;
      changes.set(change.id, change);
      if (change.what === 'raised' || change.what === 'escalated') setRaised(change.severity);
      later('rows', GATHER_MS, apply);
      later('head', HEAD_MS, () => void readHeads());
      later('numbers', FIGURES_MS, () => void client.invalidateQueries({ queryKey: alarmKeys.numbers }));
    });
    return () => {
      forget();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [client]);
  return raised;
}
