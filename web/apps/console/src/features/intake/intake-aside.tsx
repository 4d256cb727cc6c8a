import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { resolveQuery } from '@yiwang/api/catalog-api.ts';
import { incidentApi } from '@yiwang/api/incident-api.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { DuplicateCard, STRONG } from '../../parts/duplicate-card.tsx';
import { ResponsibilityCard } from '../../parts/responsibility-card.tsx';
import { useSettled } from '../../parts/use-settled.ts';

const TYPING_MS = 700;
const TEXT_MIN = 4;

interface AsideProps {
  item: string | undefined;
  description: string;
  position: Position | undefined;
  address: string | undefined;
  phone: string | undefined;
}

/** What the city already knows about what is being written: who leads it, and whether it is here already. */
export function IntakeAside(props: AsideProps) {
  const t = useT();
  const { item, position } = props;
  const lead = useQuery({
    ...resolveQuery(item ?? '', position ? { position } : {}),
    enabled: Boolean(item && position),
  });
  return (
    <aside className="intake-aside">
      <Panel title={t('intake.lead')}>
        {item && position ? (
          <Loaded query={lead}>{(answer) => <ResponsibilityCard answer={answer} />}</Loaded>
        ) : (
          <p className="yw-dim">{t('intake.leadHint')}</p>
        )}
      </Panel>
      <Panel title={t('intake.duplicates')} scroll className="intake-duplicates">
        <Duplicates {...props} />
      </Panel>
    </aside>
  );
}

function Duplicates({ item, description, position, address, phone }: AsideProps) {
  const t = useT();
  const navigate = useNavigate();
  const probe = useSettled(
    { item, text: description.trim(), position, address: address?.trim(), phone: phone?.trim() },
    TYPING_MS,
  );
  const enabled = probe.text.length >= TEXT_MIN && Boolean(probe.position || probe.address || probe.phone);
  const query = useQuery({
    queryKey: ['intake', 'duplicates', probe],
    queryFn: ({ signal }) =>
      incidentApi.duplicates(
        {
          text: probe.text,
          at: new Date().toISOString(),
          ...(probe.item ? { item_code: probe.item } : {}),
          ...(probe.position ? { position: probe.position } : {}),
          ...(probe.address ? { address: probe.address } : {}),
          ...(probe.phone ? { phone: probe.phone } : {}),
        },
        signal,
      ),
    enabled,
    staleTime: 30_000,
    placeholderData: (before) => before,
  });
  if (!enabled) return <p className="yw-dim">{t('intake.duplicatesHint')}</p>;
  return (
    <Loaded query={query}>
      {(hints) => (
        <div aria-live="polite">
          {hints.length === 0 && <p className="yw-dim">{t('intake.duplicatesNone')}</p>}
          {(hints[0]?.score ?? 0) >= STRONG && (
            <Alert type="warning" showIcon title={t('intake.duplicateStrong')} />
          )}
          {hints.map((hint) => (
            <DuplicateCard key={hint.incident.id} hint={hint}>
              <Button
                size="small"
                onClick={() =>
                  void navigate({ to: '/incidents', search: { scope: 'all', sel: hint.incident.id } })
                }
              >
                {t('intake.useIt')}
              </Button>
            </DuplicateCard>
          ))}
        </div>
      )}
    </Loaded>
  );
}
