import { mediaUrl } from '@yiwang/api/media-api.ts';
import { isPicture, type MediaView } from '@yiwang/api/types/media.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Button, Modal } from '@yiwang/ui/controls.ts';
import { LeftOutlined, RightOutlined } from '@yiwang/ui/icons.ts';
import { useEffect, useRef } from 'react';
import { Doubts, type Shown } from './gallery.tsx';

interface LightboxProps {
  shown: readonly Shown[];
  at: number;
  onAt: (at: number) => void;
  onClose: () => void;
}

/** Where a key leads in a row of so many; `undefined` when it leads nowhere. */
export function turn(key: string, at: number, of: number): number | undefined {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: of - 1 }[key];
  return to === undefined || to < 0 || to >= of ? undefined : to;
}

/** One file large. Arrow keys turn, Home and End jump, Escape closes. */
export function Lightbox({ shown, at, onAt, onClose }: LightboxProps) {
  const t = useT();
  useViewerKeys({ at, of: shown.length, onAt, onClose });
  const one = shown[at];
  if (!one) return null;
  const { media, label } = one;
  return (
    <Modal
      open
      centered
      width="min(1200px, 96vw)"
      footer={null}
      title={`${label} · ${media.name}`}
      onCancel={onClose}
    >
      <div className="lightbox-stage">
        <Button
          type="text"
          icon={<LeftOutlined />}
          aria-label={t('media.previous')}
          disabled={at === 0}
          onClick={() => onAt(at - 1)}
        />
        <Large media={media} label={label} />
        <Button
          type="text"
          icon={<RightOutlined />}
          aria-label={t('media.next')}
          disabled={at === shown.length - 1}
          onClick={() => onAt(at + 1)}
        />
      </div>
      <p className="lightbox-words" aria-live="polite">
        <span>{t('media.position', { at: at + 1, of: shown.length })}</span>
        {media.taken_at && <span>{t('media.taken', { time: fullTime(media.taken_at) })}</span>}
        <span className="yw-dim">
          {media.from_citizen ? t('media.citizen') : t('media.by', { name: media.uploader })}{' '}
          {fullTime(media.at)}
        </span>
        <Doubts media={media} />
        <a href={mediaUrl(media.id)} target="_blank" rel="noreferrer">
          {t('media.original')} ({size(media.bytes)})
        </a>
      </p>
    </Modal>
  );
}

interface ViewerKeys {
  at: number;
  of: number;
  onAt: (at: number) => void;
  onClose: () => void;
}

/** The keys are the viewer's while it is there, wherever the focus is: it may lie over another dialog. */
function useViewerKeys(keys: ViewerKeys) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { at, of, onAt, onClose } = latest.current;
      const to = turn(event.key, at, of);
      // A video has its own use for the arrows.
      const isVideo = event.target instanceof HTMLVideoElement;
      if (event.key !== 'Escape' && (to === undefined || isVideo)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === 'Escape') onClose();
      else if (to !== undefined) onAt(to);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}

function Large({ media, label }: { media: MediaView; label: string }) {
  const t = useT();
  if (isPicture(media.kind))
    return <img key={media.id} src={mediaUrl(media.id, 'view')} alt={`${label} ${media.name}`} />;
  if (media.kind === 'mp4')
    // biome-ignore lint/a11y/useMediaCaption: nobody writes captions for evidence
    return <video key={media.id} src={mediaUrl(media.id)} controls aria-label={media.name} />;
  return <p className="yw-dim">{t('media.noPreview')}</p>;
}

const size = (bytes: number): string =>
  bytes >= 2 ** 20
    ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
    : `${Math.max(1, Math.round(bytes / 2 ** 10))} KiB`;
