import { useT } from '@yiwang/i18n/i18n.ts';
import { Workbench } from './workbench.tsx';

const TO_VERIFY = { status: 'reported', sort: 'due' };

/** What units have reported as done and nobody has looked at yet. */
export default function VerifyPage() {
  const t = useT();
  return <Workbench title={t('shell.nav.verify')} preset={TO_VERIFY} />;
}
