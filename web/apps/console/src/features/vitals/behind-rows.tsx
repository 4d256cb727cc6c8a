import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Query } from '@yiwang/api/client.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import type { Page } from '@yiwang/api/types/shared.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Light } from '@yiwang/ui/light.tsx';
import { Fault, Loading } from '@yiwang/ui/states.tsx';
import type { ReactNode } from 'react';
import { DueLight } from '../../parts/due-light.tsx';
import { SeverityChip } from '../../parts/severity.tsx';
import { StatusChip } from '../../parts/status-chip.tsx';
import type { Listed } from './behind.ts';

const ROWS_MAX = 10;
const PATHS = { cases: '/incidents', alarms: '/alarms', devices: '/devices' } as const;

interface Fact {
  id: string;
  lead: ReactNode;
  name: ReactNode;
  note: ReactNode;
  to: string;
  search: Record<string, string>;
}

/** The first of what was counted; each opens where it is worked on. */
export function BehindRows({ kind, queries }: { kind: Listed; queries: readonly Query[] }) {
  const t = useT();
  const answers = useQueries({
    queries: queries.map((query) => ({
      queryKey: ['vitals', 'behind', kind, query],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get<Page<Alarm | Device | IncidentRow>>(PATHS[kind], { ...query, limit: ROWS_MAX }, signal),
      refetchInterval: 60_000,
    })),
  });
  const facts = useFacts(
    kind,
    answers.flatMap(({ data }) => data?.items ?? []),
  );
  const fault = answers.find(({ error, data }) => error && !data);
  if (fault) return <Fault fault={fault.error} onRetry={() => void fault.refetch()} />;
  if (answers.some(({ isPending }) => isPending)) return <Loading />;
  if (facts.length === 0) return <p className="vitals-note yw-dim">{t('vitals.behind.none')}</p>;
  return (
    <ul className="vitals-rows vitals-facts">
      {facts.slice(0, ROWS_MAX).map((fact) => (
        <li key={fact.id}>
          {fact.lead}
          <span className="vitals-row-name">
            <Link to={fact.to} search={fact.search}>
              {fact.name}
            </Link>
          </span>
          <span className="yw-dim">{fact.note}</span>
        </li>
      ))}
    </ul>
  );
}

function useFacts(kind: Listed, rows: readonly (Alarm | Device | IncidentRow)[]): Fact[] {
  const t = useT();
  if (kind === 'cases')
    return (rows as readonly IncidentRow[]).map((row) => ({
      id: row.id,
      lead: <DueLight row={row} />,
      name: `${row.number} ${row.title}`,
      note: <StatusChip status={row.status} />,
      to: '/incidents',
      search: { scope: 'all', q: row.number, sel: row.id },
    }));
  if (kind === 'alarms')
    return (rows as readonly Alarm[]).map((row) => ({
      id: row.id,
      lead: <SeverityChip severity={row.severity} />,
      name: `${row.rule_name} · ${row.device_name}`,
      note: (
        <>
          {dayTime(row.opened_at)} {!row.is_open && <Chip>{t('alerting.state.ended')}</Chip>}
        </>
      ),
      to: '/alarms',
      search: { phase: 'all', sel: row.id },
    }));
  const lights = { online: 'green', offline: 'orange', silent: 'red', never: 'none' } as const;
  return (rows as readonly Device[]).map((row) => ({
    id: row.id,
    lead: <Light light={lights[row.hearing]} label={t(`sensing.hearing.${row.hearing}`)} />,
    name: row.name,
    note: row.area_name,
    to: '/devices',
    search: { sel: row.id },
  }));
}
