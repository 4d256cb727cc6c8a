import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { calendarsQuery } from '@yiwang/api/calendar-api.ts';
import { itemQuery } from '@yiwang/api/catalog-api.ts';
import type { ItemDetail, ItemPolicy, LimitView } from '@yiwang/api/types/catalog.ts';
import type { CheckLine } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { GradeChip } from '../../parts/status-chip.tsx';

/** A version that holds from the epoch holds from the beginning. */
const FIRST_YEAR = '1970';

export function ItemDetailPanel({ code }: { code: string }) {
  const query = useQuery(itemQuery(code));
  return (
    <div className="item-detail">
      <Loaded query={query}>{(item) => <Detail item={item} />}</Loaded>
    </div>
  );
}

function Detail({ item }: { item: ItemDetail }) {
  const t = useT();
  const text = useText();
  const { policy } = item;
  return (
    <>
      <Panel
        title={
          <>
            {text(item.name)} <span className="yw-dim yw-mono">{item.code}</span>
          </>
        }
        extra={
          <>
            {!policy.verified && <Chip tone="yellow">{t('catalog.items.unverified')}</Chip>}
            <Link to="/incidents" search={{ scope: 'all', item: item.code }}>
              {t('catalog.items.cases')}
            </Link>
          </>
        }
      >
        <Policy item={item} policy={policy} />
      </Panel>
      <Panel title={t('catalog.items.limits')} flush>
        <Limits limits={item.limits} />
      </Panel>
      <div className="item-checks">
        <Checks title={t('catalog.items.registerChecks')} lines={policy.register_checks} />
        <Checks title={t('catalog.items.refuseChecks')} lines={policy.refuse_checks} />
        <Checks title={t('catalog.items.closeChecks')} lines={policy.close_checks} />
      </div>
    </>
  );
}

function Policy({ item, policy }: { item: ItemDetail; policy: ItemPolicy }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const word = (key: string) => t(`catalog.items.${key}`);
  return (
    <Facts
      rows={[
        item.definition && { label: word('definition'), value: text(item.definition), wide: true },
        { label: word('grade'), value: <GradeChip grade={policy.grade} /> },
        { label: word('secrecy'), value: term('secrecy', String(policy.secrecy)) },
        {
          label: word('evidence'),
          value: policy.evidence.map((kind) => term('evidence', kind)).join('、') || word('none'),
        },
        {
          label: word('merge'),
          value: t('catalog.items.mergeValue', {
            hours: policy.merge_window_hours,
            metres: policy.merge_radius_m,
          }),
        },
        {
          label: word('selfHandling'),
          value: policy.self_handling ? t('shell.common.yes') : t('shell.common.no'),
        },
        {
          label: word('versions'),
          value: item.versions
            .map(
              (version) =>
                `v${version.version} ${[version.valid_from, version.valid_to]
                  .flatMap((at) => (at && civil(at).year > FIRST_YEAR ? [civil(at).date] : []))
                  .join(' – ')}`,
            )
            .join('；'),
        },
        item.aliases.length > 0 && { label: word('aliases'), value: item.aliases.join('、'), wide: true },
        item.keywords.length > 0 && { label: word('keywords'), value: item.keywords.join('、'), wide: true },
      ]}
    />
  );
}

function Limits({ limits }: { limits: LimitView[] }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const word = (key: string) => t(`catalog.items.${key}`);
  const calendars = useQuery(calendarsQuery).data ?? [];
  const calendarName = (name: string) => text(calendars.find((one) => one.name === name)?.title) || name;
  const percent = (part: number) => `${Math.round(part * 100)}%`;
  const columns: GridColumn<LimitView>[] = [
    {
      key: 'kind',
      title: word('step'),
      width: '130px',
      render: (limit) => (
        <>
          {term('clock', limit.step)} {limit.stage && <span className="yw-dim">{text(limit.stage)}</span>}
          {limit.follows && <div className="yw-dim">{word('follows')}</div>}
        </>
      ),
    },
    {
      key: 'limit',
      title: word('limit'),
      width: '90px',
      render: (limit) => <span className="yw-mono">{limit.limit}</span>,
    },
    {
      key: 'calendar',
      title: word('calendar'),
      width: '150px',
      render: (limit) => (
        <Link to="/calendars" search={{ name: limit.calendar }}>
          {calendarName(limit.calendar)}
        </Link>
      ),
    },
    {
      key: 'words',
      title: word('words'),
      render: (limit) => (
        <>
          {text(limit.words)}{' '}
          {limit.from && (
            <Chip>{t('catalog.items.when', { from: limit.from, until: limit.until ?? '' })}</Chip>
          )}{' '}
          {!limit.verified && (
            <Chip tone="yellow" title={text(limit.source)}>
              {word('unverified')}
            </Chip>
          )}
        </>
      ),
    },
    {
      key: 'warn',
      title: '',
      width: '180px',
      render: (limit) => (
        <span className="yw-dim">
          {t('catalog.items.warn', { yellow: percent(limit.yellow), orange: percent(limit.orange) })}
        </span>
      ),
    },
  ];
  if (limits.length === 0) return <p className="item-none yw-dim">{word('noLimits')}</p>;
  return (
    <GridTable
      label={word('limits')}
      columns={columns}
      rows={limits}
      rowKey={(limit) => `${limit.row}-${limit.step}-${limit.from ?? ''}-${limit.limit}`}
    />
  );
}

function Checks({ title, lines }: { title: string; lines: CheckLine[] }) {
  const t = useT();
  const text = useText();
  return (
    <Panel title={title}>
      {lines.length === 0 && <span className="yw-dim">{t('catalog.items.none')}</span>}
      <ul className="check-list">
        {lines.map((line) => (
          <li key={line.code}>
            {text(line.text)} {line.required && <Chip tone="accent">{t('shell.common.required')}</Chip>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
