import { useT } from '@yiwang/i18n/i18n.ts';
import { useSigned } from '../../app/session.tsx';
import { Counters } from './counters.tsx';
import { ParkedMessages } from './parked.tsx';
import { QueuePanels } from './queues.tsx';
import { Refusals } from './refusals.tsx';
import './system.css';

/** Whether everything that came in is accounted for, and whether the machinery keeps up. */
export default function SystemPage() {
  const t = useT();
  const { can } = useSigned();
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('admin.system.title')}</h2>
      </div>
      <div className="system-grid">
        {can('counters.read') && <Counters />}
        {can('counters.read') && <Refusals />}
        {can('system.read') && <ParkedMessages />}
        {can('system.read') && <QueuePanels />}
      </div>
    </div>
  );
}
