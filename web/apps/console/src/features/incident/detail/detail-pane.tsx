import { useQuery } from '@tanstack/react-query';
import { incidentQuery } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { App, Button, Dropdown, Tabs } from '@yiwang/ui/controls.ts';
import { CloseOutlined, CopyOutlined } from '@yiwang/ui/icons.ts';
import { Boundary, Loaded } from '@yiwang/ui/states.tsx';
import { DueLight } from '../../../parts/due-light.tsx';
import { GradeChip, StatusChip } from '../../../parts/status-chip.tsx';
import { arrange } from '../commands/arrange.ts';
import type { OpenCommand } from '../commands/command-host.tsx';
import { Duplicates } from './duplicates.tsx';
import { Overview } from './overview.tsx';
import { Timeline } from './timeline.tsx';
import './detail.css';

export interface DetailPaneProps {
  id: string;
  tab: string;
  onTab: (tab: string) => void;
  onClose: () => void;
  onCommand: (open: OpenCommand, detail: IncidentDetail) => void;
  onOpen: (id: string) => void;
}

/** One case, whole: what it is, what runs out, who has it, what happened, and what may be done now. */
export function DetailPane(props: DetailPaneProps) {
  const query = useQuery(incidentQuery(props.id));
  return (
    <section className="detail">
      <Boundary resetKey={props.id}>
        <Loaded query={query}>{(detail) => <Detail {...props} detail={detail} />}</Loaded>
      </Boundary>
    </section>
  );
}

type DetailProps = DetailPaneProps & { detail: IncidentDetail };

function Detail({ detail, tab, onTab, onClose, onCommand, onOpen }: DetailProps) {
  const t = useT();
  return (
    <>
      <Head detail={detail} onClose={onClose} />
      <Actions detail={detail} onCommand={onCommand} />
      <Tabs
        className="detail-tabs"
        size="small"
        activeKey={tab}
        onChange={onTab}
        items={[
          {
            key: 'overview',
            label: t('incident.section.overview'),
            children: <Overview detail={detail} onCommand={onCommand} onOpen={onOpen} />,
          },
          { key: 'timeline', label: t('incident.section.timeline'), children: <Timeline id={detail.id} /> },
          {
            key: 'duplicates',
            label: t('incident.section.duplicates'),
            children: <Duplicates detail={detail} onCommand={onCommand} onOpen={onOpen} />,
          },
        ]}
      />
    </>
  );
}

function Head({ detail, onClose }: { detail: IncidentDetail; onClose: () => void }) {
  const t = useT();
  const term = useTerm();
  const { message } = App.useApp();
  const copy = async () => {
    await navigator.clipboard.writeText(detail.number);
    void message.success(t('shell.common.copied'));
  };
  return (
    <header className="detail-head">
      <div className="detail-line">
        <StatusChip status={detail.status} />
        <GradeChip grade={detail.grade} />
        <DueLight row={detail} />
        {detail.flags.map((flag) => (
          <Chip key={flag} tone="orange">
            {term('flag', flag)}
          </Chip>
        ))}
        {detail.secrecy > 1 && <Chip tone="red">{term('secrecy', String(detail.secrecy))}</Chip>}
        <span className="detail-number yw-mono">{detail.number}</span>
        <Button
          size="small"
          type="text"
          icon={<CopyOutlined />}
          aria-label={t('shell.common.copy')}
          onClick={copy}
        />
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('incident.close')}
          onClick={onClose}
        />
      </div>
      <h2>{detail.title}</h2>
    </header>
  );
}

function Actions({ detail, onCommand }: Pick<DetailProps, 'detail' | 'onCommand'>) {
  const t = useT();
  const { buttons, more } = arrange(detail);
  if (detail.allowed.length === 0) return <p className="detail-actions yw-dim">{t('incident.noActions')}</p>;
  return (
    <div className="detail-actions">
      {buttons.map((command, index) => (
        <Button
          key={command}
          type={index === 0 ? 'primary' : 'default'}
          onClick={() => onCommand({ command }, detail)}
        >
          {t(`command.name.${command}`)}
        </Button>
      ))}
      {more.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: more.map((command) => ({ key: command, label: t(`command.name.${command}`) })),
            onClick: ({ key }) => onCommand({ command: key }, detail),
          }}
        >
          <Button>{t('incident.more')}</Button>
        </Dropdown>
      )}
    </div>
  );
}
