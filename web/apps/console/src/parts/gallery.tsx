import { mediaUrl } from '@yiwang/api/media-api.ts';
import { isPicture, type MediaView } from '@yiwang/api/types/media.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useState } from 'react';
import { Lightbox } from './lightbox.tsx';
import './gallery.css';

/** A file with what it is shown as. */
export interface Shown {
  media: MediaView;
  label: string;
}

/** Small pictures; each opens the viewer at its place. */
export function Gallery({ shown }: { shown: readonly Shown[] }) {
  const [at, setAt] = useState<number>();
  if (shown.length === 0) return null;
  return (
    <>
      <ul className="gallery">
        {shown.map(({ media, label }, index) => (
          <li key={`${media.id}-${label}`}>
            <Thumb media={media} label={label} onOpen={() => setAt(index)} />
            <Doubts media={media} />
          </li>
        ))}
      </ul>
      {at !== undefined && <Lightbox shown={shown} at={at} onAt={setAt} onClose={() => setAt(undefined)} />}
    </>
  );
}

interface ThumbProps {
  media: MediaView;
  label: string;
  onOpen: () => void;
}

export function Thumb({ media, label, onOpen }: ThumbProps) {
  const t = useT();
  const [isBroken, setBroken] = useState(false);
  const name = t('media.open', { name: `${label} ${media.name}` });
  return (
    <button type="button" className="thumb" title={media.name} aria-label={name} onClick={onOpen}>
      {isPicture(media.kind) && !isBroken ? (
        <img src={mediaUrl(media.id, 'thumb')} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <span className="thumb-kind">{media.kind.toUpperCase()}</span>
      )}
      <span className="thumb-label">{label}</span>
    </button>
  );
}

/** Why somebody should look twice. */
export function Doubts({ media }: { media: MediaView }) {
  const t = useT();
  return media.doubts.map(({ kind, metres }) => (
    <Chip key={kind} tone="orange">
      {t(`media.doubt.${kind}`, { metres: metres ?? '' })}
    </Chip>
  ));
}
