import type { VitalDomain, VitalsOverview } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { Reasons } from './index-panel.tsx';
import { IndicatorsLink } from './indicator-link.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { percentIn, scoreIn } from './values.ts';

interface PaneProps {
  overview: VitalsOverview;
  /** `index`, or the letter of a domain. */
  sel: string;
  onClose: () => void;
}

/** What stands behind a score: how it was, what takes points away, what it is made of. */
export function ScorePane({ overview, sel, onClose }: PaneProps) {
  const t = useT();
  const text = useText();
  const domain = overview.domains.find(({ code }) => code === sel);
  const shown = domain ?? overview;
  const name = domain ? text(domain.name) : t('vitals.index.title', { name: overview.name });
  return (
    <SidePane
      label={t('vitals.score.label')}
      title={name}
      note={
        <>
          <GradeLamp state={shown.lamp} />
          <strong>{scoreIn(shown.score)}</strong>
          {domain && (
            <IndicatorsLink filter={{ domain: domain.code }}>{t('vitals.score.indicators')}</IndicatorsLink>
          )}
        </>
      }
      onClose={onClose}
    >
      <SideSection title={t('vitals.score.past')}>
        <SeriesPanel
          code={domain ? `index.${domain.code}` : 'index'}
          name={name}
          unit=""
          precision={1}
          height={190}
        />
      </SideSection>
      <SideSection title={t('vitals.index.reasons')}>
        <Reasons reasons={shown.reasons} />
      </SideSection>
      {domain ? <DomainFacts domain={domain} /> : <Parts overview={overview} />}
    </SidePane>
  );
}

function DomainFacts({ domain }: { domain: VitalDomain }) {
  const t = useT();
  return (
    <SideSection title={t('vitals.score.made')}>
      <p className="yw-dim">{t('vitals.score.domainHow')}</p>
      <Facts
        rows={[
          {
            label: t('vitals.score.weight'),
            value: domain.weight > 0 ? percentIn(domain.weight) : t('vitals.tile.noWeight'),
          },
          { label: t('vitals.score.grey'), value: percentIn(domain.grey_share) },
        ]}
      />
    </SideSection>
  );
}

function Parts({ overview }: { overview: VitalsOverview }) {
  const t = useT();
  const text = useText();
  const columns: GridColumn<VitalDomain>[] = [
    { key: 'name', title: t('vitals.column.domain'), render: (one) => text(one.name) },
    { key: 'lamp', title: '', width: '86px', render: (one) => <GradeLamp state={one.lamp} /> },
    {
      key: 'score',
      title: t('vitals.column.score'),
      width: '64px',
      align: 'right',
      render: (one) => scoreIn(one.score),
    },
    {
      key: 'weight',
      title: t('vitals.score.weight'),
      width: '64px',
      align: 'right',
      render: (one) => (one.weight > 0 ? percentIn(one.weight) : '—'),
    },
    {
      key: 'grey',
      title: t('vitals.score.grey'),
      width: '72px',
      align: 'right',
      render: (one) => percentIn(one.grey_share),
    },
  ];
  return (
    <SideSection
      title={t('vitals.score.made')}
      extra={t('vitals.score.weightsFrom', { date: overview.weights_from })}
    >
      <p className="yw-dim">
        {!overview.weights_verified && <Chip tone="yellow">{t('vitals.index.unverified')}</Chip>}{' '}
        {t('vitals.score.indexHow')}
      </p>
      <GridTable
        label={t('vitals.domains')}
        columns={columns}
        rows={overview.domains}
        rowKey={(one) => one.code}
        isDim={(one) => one.weight === 0}
      />
    </SideSection>
  );
}
