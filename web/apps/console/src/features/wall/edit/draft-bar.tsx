import type { ScreenDetail } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Alert, App, Button, Input, Modal, Popconfirm } from '@yiwang/ui/controls.ts';
import { Fault } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import type { ScreenDraftHand } from './use-screen-draft.ts';

const NOTE_MAX = 500;

/** Saving, publishing and dropping, and what stands in the way. */
export function DraftBar({ hand, published }: { hand: ScreenDraftHand; published: ScreenDetail | null }) {
  const t = useT();
  const { message } = App.useApp();
  const { written, save, publish, drop } = hand;
  const [isAsking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const onSave = async () => {
    if (await save()) message.success(t('wall.edit.saved'));
  };
  const onPublish = async () => {
    const detail = await publish(note.trim());
    setAsking(false);
    if (!detail) return;
    setNote('');
    message.success(t('wall.edit.done', { version: detail.version }));
  };
  return (
    <>
      <div className="screen-acts">
        <span className="yw-dim">
          {published ? t('wall.edit.published', { version: published.version }) : t('wall.edit.notPublished')}
          {written.draft &&
            ` · ${t('wall.edit.draft')} ${dayTime(written.draft.changed_at)} ${written.draft.changed_by}`}
        </span>
        {written.findings.length > 0 && (
          <output className="screen-dirty">{t('wall.edit.mend', { count: written.findings.length })}</output>
        )}
        {written.isDirty && <output className="screen-dirty">{t('wall.edit.dirty')}</output>}
        <Button disabled={!written.isDirty} loading={written.isBusy} onClick={() => void onSave()}>
          {t('wall.edit.save')}
        </Button>
        <Button
          type="primary"
          disabled={!written.isDirty && !written.draft}
          loading={written.isBusy}
          onClick={() => setAsking(true)}
        >
          {t('wall.edit.publish')}
        </Button>
        {written.draft && (
          <Popconfirm title={t('wall.edit.dropAsk')} onConfirm={() => void drop()}>
            <Button danger>{t('wall.edit.drop')}</Button>
          </Popconfirm>
        )}
      </div>
      {published?.pack_is_newer && <Alert type="info" showIcon title={t('wall.edit.packIsNewer')} />}
      {written.draft?.is_outdated && <Alert type="warning" showIcon title={t('wall.edit.outdated')} />}
      {written.conflict !== undefined && <Conflict hand={hand} />}
      {written.fault ? <Fault fault={written.fault} /> : null}
      <Modal
        open={isAsking}
        title={t('wall.edit.publish')}
        okText={t('wall.edit.publish')}
        okButtonProps={{ disabled: note.trim() === '', loading: written.isBusy }}
        onOk={() => void onPublish()}
        onCancel={() => setAsking(false)}
      >
        <Input.TextArea
          aria-label={t('wall.edit.publishNote')}
          placeholder={t('wall.edit.publishNote')}
          maxLength={NOTE_MAX}
          autoSize={{ minRows: 2 }}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Modal>
    </>
  );
}

/** Somebody else was faster: theirs is shown by name, and nothing is lost without a word. */
function Conflict({ hand }: { hand: ScreenDraftHand }) {
  const t = useT();
  const { written, took, save } = hand;
  const theirs = written.conflict;
  return (
    <Alert
      type="warning"
      showIcon
      title={
        theirs
          ? t('wall.edit.conflict', { by: theirs.changed_by, time: dayTime(theirs.changed_at) })
          : t('wall.edit.conflictPlain')
      }
      action={
        <span className="screen-acts">
          {theirs && (
            <Button size="small" onClick={() => took(theirs)}>
              {t('wall.edit.takeTheirs')}
            </Button>
          )}
          <Button size="small" danger onClick={() => void save(theirs?.revision ?? null)}>
            {t('wall.edit.keepMine')}
          </Button>
        </span>
      }
    />
  );
}
