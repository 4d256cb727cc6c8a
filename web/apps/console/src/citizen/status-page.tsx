import { ApiProblem } from '@yiwang/api/client.ts';
import { type PublicStatus, publicApi } from '@yiwang/api/public-api.ts';
import { isPicture } from '@yiwang/api/types/media.ts';
import { setLanguage, useLanguage, useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { Rating } from './rating.tsx';
import { Reopen } from './reopen.tsx';

interface Asked {
  number: string;
  code: string;
}

/** Where a report stands, in plain words. */
export function StatusPage(first: Asked) {
  const t = useT();
  const language = useLanguage();
  const [asked, setAsked] = useState(first);
  const [status, setStatus] = useState<PublicStatus>();
  const [fault, setFault] = useState<'wrong' | 'network' | 'busy'>();

  const look = useCallback(async ({ number, code }: Asked) => {
    if (!number || !code) return;
    try {
      setStatus(await publicApi.status(number, code));
      setFault(undefined);
    } catch (cause) {
      setStatus(undefined);
      const code_ = cause instanceof ApiProblem ? cause.status : 0;
      setFault(code_ === 429 ? 'busy' : code_ >= 400 && code_ < 500 ? 'wrong' : 'network');
    }
  }, []);

  useEffect(() => {
    document.title = t('admin.citizen.title');
  }, [t]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link opens its case once
  useEffect(() => void look(first), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    history.replaceState(
      null,
      '',
      `/status/${encodeURIComponent(asked.number)}?code=${encodeURIComponent(asked.code)}`,
    );
    void look(asked);
  };

  return (
    <main className="citizen">
      <header>
        <h1>{t('admin.citizen.title')}</h1>
        <button type="button" onClick={() => void setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
          {t('shell.language')}
        </button>
      </header>
      <form onSubmit={submit} className="citizen-look">
        <label>
          {t('admin.citizen.number')}
          <input
            required
            value={asked.number}
            autoCapitalize="characters"
            onChange={(event) => setAsked({ ...asked, number: event.target.value.trim() })}
          />
        </label>
        <label>
          {t('admin.citizen.code')}
          <input
            required
            value={asked.code}
            autoComplete="off"
            onChange={(event) => setAsked({ ...asked, code: event.target.value.trim() })}
          />
        </label>
        <button type="submit">{t('admin.citizen.look')}</button>
      </form>
      {fault && (
        <p role="alert" className="citizen-fault">
          {t(`admin.citizen.${fault}`)}
        </p>
      )}
      {status && <Status status={status} code={asked.code} onChange={() => void look(asked)} />}
    </main>
  );
}

interface StatusProps {
  status: PublicStatus;
  code: string;
  onChange: () => void;
}

function Status({ status, code, onChange }: StatusProps) {
  const t = useT();
  const text = useText();
  return (
    <>
      <section className="citizen-card" aria-live="polite">
        <p>{status.title}</p>
        <p className="citizen-stage">{text(status.stage_text)}</p>
        {status.unit && (
          <p>
            {t('admin.citizen.unit')}：<strong>{text(status.unit)}</strong>
          </p>
        )}
        {status.answer && (
          <>
            <h2>{t('admin.citizen.answer')}</h2>
            <p className="citizen-answer">{status.answer}</p>
          </>
        )}
        {status.media.length > 0 && (
          <>
            <h2>{t('media.own')}</h2>
            <ul className="citizen-files">
              {status.media.map(({ id, kind, name }) => (
                <li key={id}>
                  <a href={publicApi.mediaUrl(status.number, code, id)} target="_blank" rel="noreferrer">
                    {isPicture(kind) ? (
                      <img src={publicApi.mediaUrl(status.number, code, id, 'thumb')} alt={name} />
                    ) : (
                      name
                    )}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
        <h2>{t('admin.citizen.steps')}</h2>
        <ol>
          {status.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps only grow
            <li key={index}>
              {text(step.text)} <time>{fullTime(step.at)}</time>
            </li>
          ))}
        </ol>
      </section>
      {status.can_rate && <Rating number={status.number} code={code} onDone={onChange} />}
      {status.can_reopen && <Reopen number={status.number} code={code} onDone={onChange} />}
    </>
  );
}
