import type { IncidentDetail, TaskView } from '@yiwang/api/types/incident.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useNow } from '../../../app/use-now.ts';
import { filesOf } from '../../../parts/evidence.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import { usePlanned } from '../../../parts/use-words.ts';

export function Tasks({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  if (detail.tasks.length === 0) return null;
  return (
    <section className="section">
      <h3>{t('incident.section.tasks')}</h3>
      <ul>
        {leadFirst(detail.tasks).map((task) => (
          <Task key={task.id} task={task} media={detail.media} />
        ))}
      </ul>
    </section>
  );
}

const ROLES = ['lead', 'assist', 'inform'];
const leadFirst = (tasks: readonly TaskView[]) =>
  [...tasks].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.no - b.no);

function Task({ task, media }: { task: TaskView; media: readonly MediaView[] }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const now = useNow();
  const planned = usePlanned();
  const files = filesOf(task.evidence, media);
  const elsewhere = task.evidence.filter((piece) => !files.some((file) => file.piece === piece));
  const words = [task.note, task.text, ...elsewhere.map((piece) => term('evidence', piece.kind))].filter(
    Boolean,
  );
  return (
    <li className="task">
      <Chip tone={task.role === 'lead' ? 'accent' : 'plain'}>{term('taskRole', task.role)}</Chip>
      <span>
        {text(task.org.name)}
        {task.assignee && (
          <span className="yw-dim"> · {t('incident.assignee', { name: task.assignee.name })}</span>
        )}
      </span>
      <span className="yw-dim">
        {task.due_at ? t('incident.taskDue', { time: planned(task.due_at, now) }) : ''}
      </span>
      <Chip tone={task.status === 'done' ? 'green' : 'plain'}>{term('taskStatus', task.status)}</Chip>
      {words.length > 0 && <p>{words.join(' · ')}</p>}
      {files.length > 0 && (
        <div className="task-files">
          <Gallery
            shown={files.map((file) => ({ media: file.media, label: term('evidence', file.piece.kind) }))}
          />
        </div>
      )}
    </li>
  );
}
