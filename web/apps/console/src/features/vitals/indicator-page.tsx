import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { IndicatorDetail } from '@yiwang/api/types/vitals.ts';
import { indicatorQuery } from '@yiwang/api/vitals-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { LeftOutlined } from '@yiwang/ui/icons.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Boundary, Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { AboutPanel } from './about-panel.tsx';
import { BehindPanel } from './behind-panel.tsx';
import { OwnWarnings } from './early/own-warnings.tsx';
import { NowPanel } from './now-panel.tsx';
import { OwnNotices } from './own-notices.tsx';
import { RankPanel } from './rank-panel.tsx';
import { RecomputePanel } from './recompute-panel.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import { VitalsHead } from './vitals-head.tsx';
import './indicator.css';

/** One indicator: how it stands, how it was, what it is, and what stands behind it. */
export default function IndicatorPage() {
  const t = useT();
  const { can } = useSigned();
  const { code = '' } = useParams({ strict: false }) as { code?: string };
  const [search] = useSearchParams();
  const query = useQuery(indicatorQuery(code, search.area));
  if (!can('vitals.read')) return <Forbidden />;
  return (
    <div className="page">
      <VitalsHead />
      <Link to="/vitals/indicators" search={{ area: search.area, sel: code }} className="vitals-back">
        <LeftOutlined /> {t('vitals.detail.back')}
      </Link>
      <Loaded query={query}>{(detail) => <Detail key={code} detail={detail} />}</Loaded>
    </div>
  );
}

function Detail({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const isCompared = detail.entry.grain !== undefined && detail.entry.grain.space !== 'county';
  return (
    <div className="vitals-detail">
      <div className="vitals-detail-main">
        <NowPanel detail={detail} />
        <Panel title={t('vitals.detail.series')}>
          <Boundary resetKey={detail.code}>
            <SeriesPanel
              code={detail.code}
              name={text(detail.name)}
              unit={detail.unit}
              precision={detail.precision}
              limits={detail.thresholds}
            />
          </Boundary>
        </Panel>
        <OwnWarnings code={detail.code} />
        <BehindPanel code={detail.code} />
        <OwnNotices code={detail.code} />
      </div>
      <div className="vitals-detail-side">
        <AboutPanel detail={detail} />
        {isCompared && <RankPanel detail={detail} />}
        <VersionsPanel versions={detail.versions} />
        {can('vitals.edit') && <RecomputePanel detail={detail} />}
      </div>
    </div>
  );
}
