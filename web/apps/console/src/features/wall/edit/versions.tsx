import { useQuery } from '@tanstack/react-query';
import { screenVersionsQuery } from '@yiwang/api/screen-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { App, Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import type { ScreenDraftHand } from './use-screen-draft.ts';

/** What a screen was; an older state becomes the newest again. */
export function Versions({ code, current, hand }: { code: string; current: number; hand: ScreenDraftHand }) {
  const t = useT();
  const { message } = App.useApp();
  const query = useQuery(screenVersionsQuery(code));
  const isWriting = hand.written.isDirty || hand.written.draft !== null;
  const restore = async (version: number) => {
    const detail = await hand.restore(version, t('wall.edit.restoreNote', { version }));
    if (detail) message.success(t('wall.edit.done', { version: detail.version }));
  };
  return (
    <Loaded query={query}>
      {(rows) => (
        <ul className="screen-versions">
          {rows.map(({ version, origin, at, by, note }) => (
            <li key={`${version} ${origin}`}>
              <strong>{t('wall.edit.published', { version })}</strong>
              <span>
                {origin.startsWith('pack:')
                  ? t('wall.edit.origin.pack', { pack: origin.slice('pack:'.length) })
                  : t('wall.edit.origin.edited')}
              </span>
              <span className="yw-dim">
                {dayTime(at)} {by}
              </span>
              <span className="screen-version-note">{note}</span>
              {version === current ? (
                <span className="yw-dim">{t('wall.edit.current')}</span>
              ) : (
                <Popconfirm
                  title={t('wall.edit.restoreAsk', { version })}
                  {...(isWriting ? { description: t('wall.edit.restoreDrops') } : {})}
                  onConfirm={() => void restore(version)}
                >
                  <Button size="small">{t('wall.edit.restore')}</Button>
                </Popconfirm>
              )}
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
