import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { orgsQuery } from '@yiwang/api/catalog-api.ts';
import { deviceApi, deviceKeys, profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { ImportOutcome } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Modal } from '@yiwang/ui/controls.ts';
import { useMemo, useState } from 'react';
import { DeviceFault } from '../device-fault.tsx';
import { ImportInput } from './import-input.tsx';
import { ImportResult } from './import-result.tsx';
import { type ImportRow, readImport, type Vocabulary } from './import-rows.ts';
import '../edit/device-dialog.css';
import './import.css';

interface Sent {
  text: string;
  rows: ImportRow[];
  sent: ImportRow[];
  outcome: ImportOutcome | undefined;
  isRehearsal: boolean;
}

/** Many devices at once: looked through first, then all of them or none. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const words = useVocabulary();
  const source = useMemo(() => (text.trim() ? readImport(text, words) : undefined), [text, words]);
  const send = useMutation({
    mutationFn: async (isRehearsal: boolean): Promise<Sent> => {
      const rows = source?.rows ?? [];
      const sent = rows.filter((row) => row.faults.length === 0);
      const bodies = sent.map((row) => row.body);
      const outcome = sent.length > 0 ? await deviceApi.importAll(bodies, isRehearsal) : undefined;
      return { text, rows, sent, outcome, isRehearsal };
    },
    onSuccess: ({ outcome }) => {
      if (outcome?.is_done) void client.invalidateQueries({ queryKey: deviceKeys.all });
    },
  });
  const result = send.data?.text === text ? send.data : undefined;
  const isDone = result?.outcome?.is_done ?? false;
  const isGood =
    result?.isRehearsal === true && result.outcome?.wrong === 0 && result.sent.length === result.rows.length;
  const mayCheck = source !== undefined && source.faults.length === 0 && !isGood;
  const count = source?.rows.length ?? 0;
  return (
    <Modal
      open
      width={860}
      className="device-dialog"
      title={t('devices.import.title')}
      onCancel={onClose}
      mask={{ closable: false }}
      // What was pasted and mended is not lost by one stroke.
      keyboard={isDone || text === ''}
      footer={
        isDone ? (
          <Button type="primary" onClick={onClose}>
            {t('shell.common.close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
            <Button
              type={isGood ? 'default' : 'primary'}
              disabled={!mayCheck}
              loading={send.isPending && send.variables === true}
              onClick={() => send.mutate(true)}
            >
              {t('devices.import.check')}
            </Button>
            <Button
              type={isGood ? 'primary' : 'default'}
              disabled={!isGood}
              loading={send.isPending && send.variables === false}
              onClick={() => send.mutate(false)}
            >
              {isGood ? t('devices.import.doIt', { count }) : t('devices.import.register')}
            </Button>
          </>
        )
      }
    >
      {!isDone && <ImportInput text={text} onText={setText} />}
      <div aria-live="polite">
        {source && !isDone && <ImportResult source={source} result={result} />}
        {result?.outcome && isDone && <ImportResult source={source} result={result} />}
        {send.error && <ImportFault fault={send.error} rows={source?.rows ?? []} />}
      </div>
    </Modal>
  );
}

/** What the server would not even read is told with the row where it stands. */
function ImportFault({ fault, rows }: { fault: unknown; rows: ImportRow[] }) {
  const t = useT();
  const path = (fault as { problem?: { fields?: { path: string }[] } }).problem?.fields?.[0]?.path ?? '';
  const at = /^\/devices\/(\d+)/.exec(path)?.[1];
  const row = at === undefined ? undefined : rows.filter((one) => one.faults.length === 0)[Number(at)]?.row;
  const title = row === undefined ? t('devices.import.failed') : t('devices.import.failedAt', { row });
  return <DeviceFault fault={fault} title={title} />;
}

function useVocabulary(): Vocabulary {
  const profiles = useQuery(profilesQuery).data;
  const orgs = useQuery(orgsQuery).data;
  return useMemo(() => {
    const named = (all: readonly { code: string; name: { zh: string; en?: string | null } }[] = []) =>
      new Map(
        all.flatMap(({ code, name }) => [[name.zh, code] as const, [name.en ?? name.zh, code] as const]),
      );
    return { profiles: named(profiles), orgs: named(orgs) };
  }, [profiles, orgs]);
}
