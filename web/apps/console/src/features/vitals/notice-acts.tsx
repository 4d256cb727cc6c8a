import { useMutation, useQueryClient } from '@tanstack/react-query';
import { intentKey } from '@yiwang/api/client.ts';
import type { VitalNotice } from '@yiwang/api/types/vitals.ts';
import { vitalKeys, vitalsApi } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App, Button, Input, Modal } from '@yiwang/ui/controls.ts';
import { useRef, useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';

/** Taking note of a notice, or opening a case for it. */
export function NoticeActs({ notice }: { notice: VitalNotice }) {
  const t = useT();
  const { can } = useSigned();
  const [isOpening, setOpening] = useState<boolean>();
  if (!can('vitals.edit') || !notice.is_open) return null;
  const mayOpen = !notice.case && notice.action !== 'order';
  return (
    <span className="vitals-acts">
      {mayOpen && (
        <Button
          size="small"
          type={notice.action === 'proposal' ? 'primary' : 'default'}
          onClick={() => setOpening(true)}
        >
          {t('vitals.notice.openCase')}
        </Button>
      )}
      <Button size="small" onClick={() => setOpening(false)}>
        {t('vitals.notice.acknowledge')}
      </Button>
      {isOpening !== undefined && (
        <NoticeDialog notice={notice} opensCase={isOpening} onClose={() => setOpening(undefined)} />
      )}
    </span>
  );
}

interface DialogProps {
  notice: VitalNotice;
  opensCase: boolean;
  onClose: () => void;
}

const NOTE_MAX = 2_000;

function NoticeDialog({ notice, opensCase, onClose }: DialogProps) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [note, setNote] = useState('');
  const [isArmed, setArmed] = useState(false);
  // The same intent again is the same case.
  const key = useRef(intentKey());
  const name = t(opensCase ? 'vitals.notice.openCase' : 'vitals.notice.acknowledge');
  const send = useMutation({
    mutationFn: () =>
      vitalsApi.acknowledge(notice.id, { note: note.trim(), open_case: opensCase }, key.current),
    onSuccess: (done) => {
      void message.success(
        done.case && opensCase
          ? t('vitals.notice.opened', { number: done.case.number })
          : t('vitals.notice.acknowledged'),
      );
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: vitalKeys.notices }),
  });
  const submit = () => {
    if (send.isPending) return;
    if (opensCase && !isArmed) return setArmed(true);
    setArmed(false);
    send.mutate();
  };
  return (
    <Modal
      open
      title={`${name} · ${notice.name}`}
      mask={{ closable: false }}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
          <Button type="primary" danger={isArmed} loading={send.isPending} onClick={submit}>
            {isArmed ? t('shell.common.confirmAgain') : name}
          </Button>
        </>
      }
    >
      <ProblemNote fault={send.error} />
      <p className="yw-dim">{t(opensCase ? 'vitals.notice.openHint' : 'vitals.notice.acknowledgeHint')}</p>
      <label htmlFor="notice-note">{t('vitals.notice.note')}</label>
      <Input.TextArea
        id="notice-note"
        rows={3}
        maxLength={NOTE_MAX}
        autoFocus
        value={note}
        onChange={(event) => {
          setNote(event.target.value);
          setArmed(false);
          // Other words are another intent.
          key.current = intentKey();
        }}
      />
    </Modal>
  );
}
