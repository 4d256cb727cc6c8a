import { useT } from '@yiwang/i18n/i18n.ts';
import { Workbench } from './workbench.tsx';

export default function WorkbenchPage() {
  const t = useT();
  return <Workbench title={t('incident.title')} />;
}
