import { mediaUrl } from '@yiwang/api/media-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { useState } from 'react';
import { beforeAndAfter } from './evidence.ts';
import { Doubts, type Shown } from './gallery.tsx';
import { Lightbox } from './lightbox.tsx';
import './gallery.css';

/** Before and after side by side, for whoever has to believe it. */
export function BeforeAfter({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  const [at, setAt] = useState<number>();
  const { before, after } = beforeAndAfter(detail);
  const shown: Shown[] = [
    ...before.map((media) => ({ media, label: t('media.before') })),
    ...after.map((media) => ({ media, label: t('media.after') })),
  ];
  if (shown.length === 0) return null;
  return (
    <section className="compare" aria-label={t('media.compare')}>
      <Side name={t('media.before')} none={t('media.noBefore')} files={before} onOpen={setAt} />
      <Side
        name={t('media.after')}
        none={t('media.noAfter')}
        files={after}
        onOpen={(index) => setAt(before.length + index)}
      />
      {at !== undefined && <Lightbox shown={shown} at={at} onAt={setAt} onClose={() => setAt(undefined)} />}
    </section>
  );
}

interface SideProps {
  name: string;
  none: string;
  files: readonly MediaView[];
  onOpen: (index: number) => void;
}

function Side({ name, none, files, onOpen }: SideProps) {
  const t = useT();
  return (
    <div>
      <h4>{name}</h4>
      {files.length === 0 && <p className="yw-dim">{none}</p>}
      {files.map((media, index) => (
        <div key={media.id}>
          <button
            type="button"
            className="compare-picture"
            aria-label={t('media.open', { name: `${name} ${media.name}` })}
            onClick={() => onOpen(index)}
          >
            <img src={mediaUrl(media.id, 'view')} alt="" />
          </button>
          <Doubts media={media} />
        </div>
      ))}
    </div>
  );
}
