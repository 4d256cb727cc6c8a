import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { alarmsQuery, caseRowsQuery, isAtLeast } from '../data/cases.ts';
import { alarmLine, caseLine, type Line, newestFirst, noticeLine } from '../data/lines.ts';
import { noticesQuery } from '../data/vitals.ts';
import { useLineWords } from './use-line-words.ts';

const SOURCE_MAX = 100;

interface Asked {
  of: readonly string[];
  limit: number;
  /** Alarms at least so severe; 1 is the worst. */
  atLeast?: number | undefined;
}

/** What is open now, of several kinds, the newest first. */
export function useOpenLines({ of, limit, atLeast }: Asked) {
  const wants = (kind: Line['kind']) => of.includes(kind);
  const words = useLineWords(wants('notices'));
  const most = Math.min(limit, SOURCE_MAX);
  const alarms = useQuery({ ...alarmsQuery({ open: true }), enabled: wants('alarms') });
  const cases = useQuery({ ...caseRowsQuery({ open: true }, most), enabled: wants('cases') });
  const notices = useQuery({ ...noticesQuery(true, most), enabled: wants('notices') });
  const reads = [wants('alarms') && alarms, wants('cases') && cases, wants('notices') && notices].filter(
    (read) => read !== false,
  );
  const lines = useMemo(() => {
    const severe = (alarms.data ?? []).filter((alarm) => isAtLeast(alarm.severity, atLeast));
    return newestFirst(
      [
        ...severe.map((alarm) => alarmLine(alarm, words)),
        ...(cases.data ?? []).map((row) => caseLine(row, words)),
        ...(notices.data ?? []).map((notice) => noticeLine(notice, words)),
      ],
      limit,
    );
  }, [alarms.data, cases.data, notices.data, atLeast, limit, words]);
  // Of several sources, those that answer are shown; only where none does is it told.
  const answered = reads.filter((read) => read.data !== undefined);
  return { lines, reads: answered.length > 0 ? answered : reads };
}
