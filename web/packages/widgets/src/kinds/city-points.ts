import { useQuery } from '@tanstack/react-query';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { alarmPoint, casePoint } from '@yiwang/map/board/own-points.ts';
import { useMemo } from 'react';
import { alarmsQuery, casePlacesQuery } from '../data/cases.ts';
import { flagOption } from '../widget.ts';

/** Open cases and alarms that have a place, where the widget shows them. */
export function useOwnPoints(options: Record<string, unknown>) {
  const t = useT();
  const term = useTerm();
  const cases = useQuery({ ...casePlacesQuery, enabled: flagOption(options, 'cases') });
  const alarms = useQuery({ ...alarmsQuery({ open: true }), enabled: flagOption(options, 'alarms') });
  return useMemo(
    () => ({
      cases: cases.data?.flatMap((row) => {
        const light = row.suspended ? 'none' : row.light;
        return casePoint(row, light, term('light', light));
      }),
      alarms: alarms.data?.flatMap((alarm) => alarmPoint(alarm, t(`alerting.severity.${alarm.severity}`))),
    }),
    [cases.data, alarms.data, t, term],
  );
}
