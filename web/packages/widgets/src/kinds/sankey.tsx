import { useQuery } from '@tanstack/react-query';
import type { FlowContent } from '@yiwang/chart/plots/content.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { CASES_MAX, recentCasesQuery } from '../data/cases.ts';
import { figureOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useSetting } from '../parts/setting.ts';
import { WayLink } from '../parts/way-link.tsx';
import { numberOption, type WidgetProps } from '../widget.ts';
import { flowOf } from './flow.ts';
import './sankey.css';

const HOUR_MS = 3_600_000;

/** Cases of the last hours: from where, to whom, how far. */
export default function Sankey({ title, options }: WidgetProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const { casesAt } = useSetting();
  const hours = numberOption(options, 'hours', 24);
  const query = useQuery(recentCasesQuery(hours));
  const rows = query.data?.rows;
  const content = useMemo((): FlowContent => {
    const flow = flowOf(rows ?? [], {
      source: (code) => term('source', code),
      lead: (row) => ({
        id: `lead:${row.lead?.id ?? ''}`,
        name: row.lead ? text(row.lead.name) : t('wall.sankey.noLead'),
      }),
      state: (row) => ({ id: `state:${row.status}`, name: term('status', row.status) }),
      rest: t('wall.pie.rest'),
    });
    return { kind: 'flow', ...flow };
  }, [rows, term, text, t]);
  const count = `${figureOf(rows?.length)}${query.data?.isMore ? '+' : ''}`;
  return (
    <Frame
      title={title ?? t('wall.sankey.title', { hours })}
      reads={[query]}
      isEmpty={rows?.length === 0}
      emptyWords={t('wall.frame.noCases')}
      asOf={new Date(query.dataUpdatedAt).toISOString()}
      extra={
        rows && (
          <span
            className="ww-sankey-count"
            title={query.data?.isMore ? t('wall.sankey.more', { max: CASES_MAX }) : ''}
          >
            <WayLink way={casesAt({ from: new Date(query.dataUpdatedAt - hours * HOUR_MS).toISOString() })}>
              <strong>{count}</strong> {t('wall.unit.cases')}
            </WayLink>
          </span>
        )
      }
    >
      <PlotArea label={t('wall.sankey.label', { count })} content={content} />
    </Frame>
  );
}
