import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { LeftOutlined } from '@yiwang/ui/icons.ts';
import { useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { DRAFT_TONES } from './draft-list.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import type { DraftInHand } from './use-draft.ts';

interface BarProps {
  draft: DraftInHand;
  isRight: boolean;
  onSave: () => void;
  onClose: () => void;
}

/** Which draft it is, where it stands, and what may be done with it. */
export function DraftBar({ draft, isRight, onSave, onClose }: BarProps) {
  const t = useT();
  const { can } = useSigned();
  const [isPublishing, setPublishing] = useState(false);
  const { seen, isDirty, read } = draft;
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.draft.${key}`, values);
  const isOpen = seen.state === 'open';
  const back = (onClick?: () => void) => (
    <Button icon={<LeftOutlined />} {...(onClick ? { onClick } : {})}>
      {word('back')}
    </Button>
  );
  return (
    <div className="toolbar">
      {isDirty ? (
        <Popconfirm title={word('leaveAsk')} description={word('leaveHint')} onConfirm={onClose}>
          {back()}
        </Popconfirm>
      ) : (
        back(onClose)
      )}
      <strong className="yw-mono">{seen.code || word('noCode')}</strong>
      <Chip tone={DRAFT_TONES[seen.state]}>{word(`states.${seen.state}`)}</Chip>
      <span className="yw-dim">
        {seen.based_on != null && `${word('basedOn', { version: seen.based_on })} · `}
        {dayTime(seen.updated_at)} {seen.updated_by}
      </span>
      {seen.published != null && <span>{word('became', { version: seen.published })}</span>}
      <span className="page-gap" />
      {isDirty && <span className="yw-dim">{word('unsaved')}</span>}
      {isOpen && can('alerting.edit') && (
        <>
          <Popconfirm
            title={word('discardAsk')}
            description={word('discardHint')}
            onConfirm={() => draft.discard.mutate()}
          >
            <Button danger loading={draft.discard.isPending}>
              {word('discard')}
            </Button>
          </Popconfirm>
          <Button
            type={isDirty ? 'primary' : 'default'}
            disabled={!isDirty || !read.entry}
            loading={draft.save.isPending}
            title={read.entry ? 'Ctrl+S' : word('unreadable')}
            onClick={onSave}
          >
            {t('shell.common.save')}
          </Button>
        </>
      )}
      {isOpen && can('alerting.publish') && (
        <Button
          type={isDirty ? 'default' : 'primary'}
          disabled={isDirty || !isRight}
          title={isDirty ? word('saveFirst') : isRight ? undefined : word('faulty')}
          onClick={() => setPublishing(true)}
        >
          {word('publish')}
        </Button>
      )}
      {isPublishing && <PublishDialog draft={draft} onClose={() => setPublishing(false)} />}
    </div>
  );
}
