import type { Responsibility } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Button } from '@yiwang/ui/controls.ts';

interface Props {
  answer: Responsibility;
  adopted?: boolean;
  onAdopt?: () => void;
}

/** Who leads, and why: the reasons are the answer, the name is only its head. */
export function ResponsibilityCard({ answer, adopted = false, onAdopt }: Props) {
  const t = useT();
  const text = useText();
  if (!answer.lead) {
    return (
      <div className="responsibility-card" data-hole="true" role="alert">
        <p>{t('command.dispatch.noProposal')}</p>
        <Reasons answer={answer} />
      </div>
    );
  }
  return (
    <div className="responsibility-card">
      <header>
        <Chip tone="accent">{t('command.dispatch.lead')}</Chip>
        <strong>{text(answer.lead.name)}</strong>
        {answer.by_fallback && <Chip tone="orange">{t('command.dispatch.byFallback')}</Chip>}
        <Chip>{t('command.dispatch.listVersion', { version: answer.list_version })}</Chip>
        {onAdopt && (
          <Button size="small" type={adopted ? 'default' : 'primary'} disabled={adopted} onClick={onAdopt}>
            {adopted ? t('command.dispatch.adopted') : t('command.dispatch.adopt')}
          </Button>
        )}
      </header>
      {answer.assistants.length > 0 && (
        <p>
          <span className="yw-dim">{t('command.dispatch.assistants')}：</span>
          {answer.assistants.map((org) => text(org.name)).join('、')}
        </p>
      )}
      <Reasons answer={answer} />
    </div>
  );
}

function Reasons({ answer }: { answer: Responsibility }) {
  const text = useText();
  return (
    <ol className="reasons">
      {answer.reasons.map((reason) => (
        <li key={reason.zh}>{text(reason)}</li>
      ))}
    </ol>
  );
}
