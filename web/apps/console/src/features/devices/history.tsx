import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { Device, Series } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Alert, Segmented, Select } from '@yiwang/ui/controls.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SeriesChart } from '../../parts/series-chart.tsx';
import { stepMs, toChartPoints } from '../../parts/series-points.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { listOf } from './device-query.ts';
import { RANGES, rangeOf } from './ranges.ts';
import { telling } from './telling.ts';
import { useLiveSeries } from './use-live-series.ts';

const SHOWN_FIRST = 1;
const SHOWN_MAX = 6;

/** One or several properties over an hour to a year. */
export function History({ device }: { device: Device }) {
  const t = useT();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const profiles = useQuery(profilesQuery).data ?? [];
  const properties = profiles.find((one) => one.code === device.profile)?.properties ?? [];
  const drawable = telling(
    properties.filter((one) => one.kind !== 'text').map((one) => ({ ...one, property: one.code })),
  );
  const range = rangeOf(search.range);
  const asked = listOf(search.show).filter((code) => drawable.some((one) => one.code === code));
  const shown = asked.length > 0 ? asked : drawable.slice(0, SHOWN_FIRST).map((one) => one.code);
  const { query, to } = useLiveSeries(device.id, range, shown);
  const change = (next: { range?: string | undefined; show?: string | undefined }) =>
    setSearch(next, { replace: true });
  return (
    <SideSection title={t('sensing.detail.history')}>
      <div className="history-controls">
        <Segmented
          size="small"
          aria-label={t('sensing.chart.range')}
          value={range.key}
          onChange={(key) => change({ range: key === 'h24' ? undefined : key })}
          options={RANGES.map(({ key }) => ({ value: key, label: t(`sensing.chart.ranges.${key}`) }))}
        />
        <Select
          mode="multiple"
          size="small"
          maxCount={SHOWN_MAX}
          maxTagCount="responsive"
          aria-label={t('sensing.chart.properties')}
          value={shown}
          onChange={(codes: string[]) => change({ show: codes.join(',') || undefined })}
          options={drawable.map((one) => ({ value: one.code, label: text(one.name) }))}
        />
      </div>
      <Loaded query={query}>
        {(series) => (
          <>
            {series.some((one) => one.is_cut) && (
              <Alert type="warning" showIcon title={t('sensing.chart.cut')} />
            )}
            {shown.map((code) => {
              const one = series.find(({ property }) => property === code);
              const isFlag = drawable.find((property) => property.code === code)?.kind === 'flag';
              return one && <One key={code} series={one} from={to - range.ms} to={to} isFlag={isFlag} />;
            })}
            <span className="yw-dim">
              {series[0]?.step ? t(`sensing.chart.step.${series[0].step}`) : t('sensing.chart.raw')}
            </span>
          </>
        )}
      </Loaded>
    </SideSection>
  );
}

function One({ series, from, to, isFlag }: { series: Series; from: number; to: number; isFlag: boolean }) {
  const text = useText();
  const points = useMemo(() => toChartPoints(series.points), [series.points]);
  return (
    <SeriesChart
      name={text(series.name)}
      unit={series.unit ?? undefined}
      points={points}
      stepMs={stepMs(series.step)}
      from={from}
      to={to}
      isFlag={isFlag}
    />
  );
}
