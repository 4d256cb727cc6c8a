import { publicApi } from '@yiwang/api/public-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { type FormEvent, useState } from 'react';

interface ReopenProps {
  number: string;
  code: string;
  onDone: () => void;
}

export function Reopen({ number, code, onDone }: ReopenProps) {
  const t = useT();
  const [said, setSaid] = useState<string>();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '');
    try {
      await publicApi.reopen(number, code, reason);
      setSaid(t('admin.citizen.reopened'));
      onDone();
    } catch (fault) {
      setSaid(fault instanceof Error ? fault.message : t('admin.citizen.network'));
    }
  };
  return (
    <form className="citizen-card" onSubmit={send}>
      <h2>{t('admin.citizen.reopen')}</h2>
      <label className="citizen-words">
        {t('admin.citizen.reopenReason')}
        <textarea name="reason" rows={3} maxLength={500} required />
      </label>
      <button type="submit">{t('admin.citizen.reopenSend')}</button>
      {said && <output>{said}</output>}
    </form>
  );
}
