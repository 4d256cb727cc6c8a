import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { civil, fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { filesOf } from '../../../parts/evidence.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import { useTown } from '../../../parts/use-town.ts';
import type { OpenCommand } from '../commands/command-host.tsx';
import { Clocks } from './clocks.tsx';
import { Neighbours } from './neighbours.tsx';
import { Reporter } from './reporter.tsx';
import { Requests } from './requests.tsx';
import { Tasks } from './tasks.tsx';

interface OverviewProps {
  detail: IncidentDetail;
  onCommand: (open: OpenCommand, detail: IncidentDetail) => void;
  onOpen: (id: string) => void;
}

export function Overview({ detail, onCommand, onOpen }: OverviewProps) {
  const t = useT();
  return (
    <div className="detail-body">
      <section className="section">
        <h3>{t('incident.fact.description')}</h3>
        <p className="detail-said">{detail.description || detail.title}</p>
      </section>
      <CaseFacts detail={detail} onOpen={onOpen} />
      <Clocks detail={detail} />
      <Tasks detail={detail} />
      <Requests
        detail={detail}
        onDecide={(request_id) => onCommand({ command: 'decide', preset: { request_id } }, detail)}
      />
      <Attachments detail={detail} />
      <Verification detail={detail} />
      <Neighbours detail={detail} onOpen={onOpen} />
    </div>
  );
}

function CaseFacts({ detail, onOpen }: Pick<OverviewProps, 'detail' | 'onOpen'>) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const town = useTown();
  const fact = (key: string) => t(`incident.fact.${key}`);
  const link = (id: string) => (
    <button key={id} type="button" className="link-button" onClick={() => onOpen(id)}>
      {t('incident.compare')}
    </button>
  );
  return (
    <Facts
      rows={[
        {
          label: fact('item'),
          value: detail.item ? (
            <>
              {text(detail.item.name)} <span className="yw-dim yw-mono">{detail.item.code}</span>
              {!detail.policy_verified && <Chip title={fact('unverified')}>?</Chip>}
            </>
          ) : (
            <span className="yw-dim">{t('incident.noItem')}</span>
          ),
        },
        { label: fact('lead'), value: detail.lead ? text(detail.lead.name) : t('incident.noLead') },
        {
          label: fact('area'),
          value: detail.area
            ? [...new Set([town(detail.area.code), detail.area.name])].join(' ')
            : t('incident.noArea'),
        },
        { label: fact('source'), value: term('source', detail.source) },
        { label: fact('address'), value: detail.address || t('incident.noAddress') },
        { label: fact('created'), value: fullTime(detail.created_at) },
        detail.reporter && { label: fact('reporter'), value: <Reporter detail={detail} /> },
        detail.source_ref && {
          label: fact('sourceRef'),
          value: <span className="yw-mono">{detail.source_ref}</span>,
        },
        detail.suspension && {
          label: fact('suspension'),
          value: t('incident.fact.suspensionValue', {
            date: civil(detail.suspension.plan_date).date,
            leader: detail.suspension.leader,
          }),
        },
        detail.transfer && {
          label: fact('transfer'),
          value: `${detail.transfer.to} ${detail.transfer.reference}`,
        },
        detail.answer && { label: fact('answer'), value: detail.answer, wide: true },
        detail.outcome && { label: fact('outcome'), value: term('outcome', detail.outcome) },
        detail.rating && {
          label: fact('rating'),
          value: `${detail.rating.score} / 5 ${detail.rating.text}`,
        },
        detail.merged_into && { label: fact('mergedInto'), value: link(detail.merged_into) },
        detail.children.length > 0 && { label: fact('children'), value: detail.children.map(link) },
        detail.callers > 1 && {
          label: fact('callers'),
          value: t('incident.fact.callersValue', { count: detail.callers }),
        },
        {
          label: fact('versions'),
          value: t('incident.fact.versionsValue', {
            ...detail.versions,
            list: detail.versions.list || '-',
          }),
          wide: true,
        },
        detail.public && {
          label: fact('queryCode'),
          value: (
            <>
              <span className="yw-mono">{detail.public.query_code}</span>{' '}
              <a
                href={`/status/${detail.public.number}?code=${detail.public.query_code}`}
                target="_blank"
                rel="noreferrer"
              >
                {fact('publicPage')}
              </a>
            </>
          ),
        },
      ]}
    />
  );
}

function Attachments({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  if (detail.attachments.length === 0) return null;
  const shown = detail.attachments.flatMap(({ media_id, name }) => {
    const media = detail.media.find((one) => one.id === media_id);
    return media ? [{ media, label: name || media.name }] : [];
  });
  const links = detail.attachments.filter(
    ({ media_id }) => !shown.some(({ media }) => media.id === media_id),
  );
  return (
    <section className="section">
      <h3>{t('incident.section.attachments')}</h3>
      <Gallery shown={shown} />
      <ul>
        {links.map(({ url, name }) => (
          <li key={url}>
            <a href={url} target="_blank" rel="noreferrer">
              {name || url}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Verification({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  const term = useTerm();
  const files = filesOf(detail.verification, detail.media);
  if (files.length === 0) return null;
  return (
    <section className="section">
      <h3>{t('media.verification')}</h3>
      <Gallery shown={files.map(({ piece, media }) => ({ media, label: term('evidence', piece.kind) }))} />
    </section>
  );
}
