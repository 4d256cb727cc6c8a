import type { Severity } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';

/** Warning colours by national practice: red, orange, yellow, blue. */
export const SEVERITY_TONES: Record<Severity, Tone> = {
  I: 'red',
  II: 'orange',
  III: 'yellow',
  IV: 'accent',
};

export function SeverityChip({ severity }: { severity: Severity }) {
  const t = useT();
  return (
    <Chip tone={SEVERITY_TONES[severity]} title={t(`alerting.severityLong.${severity}`)}>
      {t(`alerting.severity.${severity}`)}
    </Chip>
  );
}
