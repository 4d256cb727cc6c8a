import { publicApi } from '@yiwang/api/public-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { type FormEvent, useState } from 'react';

interface AskProps {
  number: string;
  code: string;
  onDone: () => void;
}

const SCORES = [5, 4, 3, 2, 1];

export function Rating({ number, code, onDone }: AskProps) {
  const t = useT();
  const [said, setSaid] = useState<string>();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await publicApi.rate(
        number,
        code,
        Number(form.get('score')),
        form.get('solved') === 'yes',
        String(form.get('text') ?? ''),
      );
      setSaid(t('admin.citizen.thanks'));
      onDone();
    } catch (fault) {
      setSaid(fault instanceof Error ? fault.message : t('admin.citizen.network'));
    }
  };
  return (
    <form className="citizen-card" onSubmit={send}>
      <h2>{t('admin.citizen.rate')}</h2>
      <fieldset>
        <legend>{t('admin.citizen.score')}</legend>
        {SCORES.map((score) => (
          <label key={score}>
            <input type="radio" name="score" value={score} required /> {t(`admin.citizen.scores.${score}`)}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('admin.citizen.solved')}</legend>
        {['yes', 'no'].map((answer) => (
          <label key={answer}>
            <input type="radio" name="solved" value={answer} required /> {t(`admin.citizen.${answer}`)}
          </label>
        ))}
      </fieldset>
      <label className="citizen-words">
        {t('admin.citizen.words')}
        <textarea name="text" rows={3} maxLength={500} />
      </label>
      <button type="submit">{t('admin.citizen.send')}</button>
      {said && <output>{said}</output>}
    </form>
  );
}
