import { useQuery } from '@tanstack/react-query';
import type { FlowContent } from '@yiwang/chart/plots/content.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { caseFlowQuery } from '../data/cases.ts';
import { figureOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useSetting } from '../parts/setting.ts';
import { WayLink } from '../parts/way-link.tsx';
import { numberOption, type WidgetProps } from '../widget.ts';
import { flowOf } from './flow.ts';
import './sankey.css';

/** Cases of the last hours: from where, to whom, how far. */
export default function Sankey({ title, options }: WidgetProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const { casesAt } = useSetting();
  const hours = numberOption(options, 'hours', 24);
  const query = useQuery(caseFlowQuery(hours));
  const answer = query.data;
  const content = useMemo((): FlowContent => {
    const flow = flowOf(answer?.groups ?? [], {
      source: (code) => term('source', code),
      lead: ({ lead }) => ({
        id: `lead:${lead?.id ?? ''}`,
        name: lead ? text(lead.name) : t('wall.sankey.noLead'),
      }),
      state: ({ status }) => ({ id: `state:${status}`, name: term('status', status) }),
      rest: t('wall.pie.rest'),
    });
    return { kind: 'flow', ...flow };
  }, [answer, term, text, t]);
  const count = figureOf(answer?.total);
  return (
    <Frame
      title={title ?? t('wall.sankey.title', { hours })}
      reads={[query]}
      isEmpty={answer?.total === 0}
      emptyWords={t('wall.frame.noCases')}
      asOf={answer?.as_of}
      extra={
        answer && (
          <span
            className="ww-sankey-count"
            title={answer.left_out > 0 ? t('wall.sankey.more', { count: answer.left_out }) : ''}
          >
            <WayLink way={casesAt({ from: answer.from })}>
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
