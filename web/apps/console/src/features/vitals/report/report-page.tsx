import { useQuery } from '@tanstack/react-query';
import { REPORT_PERIODS, type VitalReport } from '@yiwang/api/types/vitals.ts';
import { vitalReportQuery, vitalReportUrl } from '@yiwang/api/vitals-api.ts';
import { useLanguage, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert, Segmented } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { DownloadOutlined } from '@yiwang/ui/icons.ts';
import { Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../../app/session.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { VitalsHead } from '../vitals-head.tsx';
import { ReportBreaches, ReportChanges } from './report-changes.tsx';
import { ReportNotices, ReportStale } from './report-follow.tsx';
import { ReportAreas, ReportIndex, ReportScores, ReportWork } from './report-scores.tsx';
import './report.css';

/** A day or a week of an area, to be read here or taken along as a document. */
export default function ReportPage() {
  const t = useT();
  const language = useLanguage();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  const period = REPORT_PERIODS.find((one) => one === search.period) ?? 'daily';
  const asked = { area: search.area, of: search.of };
  const query = useQuery(vitalReportQuery(period, asked));
  if (!can('vitals.read')) return <Forbidden />;
  return (
    <div className="page">
      <VitalsHead>
        <Segmented
          aria-label={t('vitals.report.period')}
          value={period}
          onChange={(next) =>
            setSearch({ period: next === 'daily' ? undefined : String(next) }, { replace: true })
          }
          options={REPORT_PERIODS.map((one) => ({ value: one, label: t(`vitals.report.periods.${one}`) }))}
        />
        <span className="filter-date">
          <DateField
            allowClear
            label={t('vitals.report.of')}
            placeholder={t('vitals.report.last')}
            value={search.of}
            onChange={(of) => setSearch({ of: of || undefined }, { replace: true })}
          />
        </span>
        <a href={vitalReportUrl(period, { ...asked, lang: language === 'en' ? 'en' : 'zh' })} download>
          <DownloadOutlined /> {t('vitals.report.download')}
        </a>
      </VitalsHead>
      <Loaded query={query}>{(report) => <Report report={report} />}</Loaded>
    </div>
  );
}

function Report({ report }: { report: VitalReport }) {
  const t = useT();
  const { name, first_day: first, last_day: last, period } = report;
  return (
    <>
      <h3 className="report-title">
        {t(`vitals.report.title.${period}`, { name, first, last, day: first })}
      </h3>
      {!report.is_complete && (
        <Alert type="info" showIcon title={t('vitals.report.going', { time: fullTime(report.until) })} />
      )}
      <div className="report-grid">
        <ReportIndex report={report} />
        <ReportWork report={report} />
        <ReportScores scores={report.domains} />
        <ReportAreas areas={report.areas} />
        <ReportBreaches breaches={report.breaches} />
        <ReportChanges changes={report.changes} />
        <ReportNotices notices={report.notices} />
        <ReportStale stale={report.stale} />
      </div>
    </>
  );
}
