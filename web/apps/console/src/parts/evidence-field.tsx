import type { Evidence } from '@yiwang/api/types/incident.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Button, Input, Select } from '@yiwang/ui/controls.ts';
import { CloseOutlined, PlusOutlined } from '@yiwang/ui/icons.ts';
import { useRef, useState } from 'react';
import { likelyKind } from './evidence.ts';
import { Thumb } from './gallery.tsx';
import { Lightbox } from './lightbox.tsx';
import { UploadZone } from './upload-zone.tsx';
import './evidence-field.css';

const KINDS = [
  'photo_before',
  'photo_after',
  'photo',
  'video',
  'audio',
  'measurement',
  'receipt',
  'signature',
  'document',
];

interface EvidenceFieldProps {
  value?: Evidence[];
  onChange?: (value: Evidence[]) => void;
  wanted?: readonly string[];
  id?: string;
}

/** Pieces of evidence: files that are sent in here, or links to what is kept elsewhere. */
export function EvidenceField({ value = [], onChange, wanted = [], id }: EvidenceFieldProps) {
  const t = useT();
  const term = useTerm();
  const [files, setFiles] = useState<MediaView[]>([]);
  const [open, setOpen] = useState<string>();
  // Several files may arrive before the form has drawn the first.
  const latest = useRef(value);
  latest.current = value;
  const change = (pieces: Evidence[]) => {
    latest.current = pieces;
    onChange?.(pieces);
  };
  const set = (index: number, to: Partial<Evidence>) =>
    change(latest.current.map((piece, at) => (at === index ? { ...piece, ...to } : piece)));
  const stored = (media: MediaView) => {
    setFiles((all) => [...all, media]);
    const kind = likelyKind(media.kind, wanted, latest.current);
    change([...latest.current, { kind, media_id: media.id }]);
  };
  const missing = wanted.filter((kind) => !value.some((piece) => piece.kind === kind));
  const shown = files.map((media) => ({ media, label: t('command.field.evidence') }));
  const at = shown.findIndex(({ media }) => media.id === open);

  return (
    <UploadZone id={id} label={t('command.field.evidence')} onStored={stored}>
      {value.map((piece, index) => {
        const media = files.find((one) => one.id === piece.media_id);
        return (
          <div key={piece.media_id ?? index} className="evidence-piece">
            <Select
              aria-label={t('command.field.kind')}
              value={piece.kind}
              options={KINDS.map((kind) => ({ value: kind, label: term('evidence', kind) }))}
              onChange={(kind) => set(index, { kind })}
            />
            {media ? (
              <Thumb media={media} label={media.name} onOpen={() => setOpen(media.id)} />
            ) : (
              <Input
                aria-label="URL"
                placeholder="https://"
                value={piece.media_url ?? ''}
                onChange={(event) => set(index, { media_url: event.target.value })}
              />
            )}
            <Button
              type="text"
              size="small"
              aria-label={t('shell.common.remove')}
              icon={<CloseOutlined />}
              onClick={() => change(latest.current.filter((_, place) => place !== index))}
            />
          </div>
        );
      })}
      {missing.length > 0 && (
        <strong>
          {t('command.hint.evidenceNeeded', {
            kinds: missing.map((kind) => term('evidence', kind)).join('、'),
          })}
        </strong>
      )}
      <Button
        size="small"
        type="link"
        icon={<PlusOutlined />}
        onClick={() => change([...latest.current, { kind: missing[0] ?? 'photo' }])}
      >
        {t('media.link')}
      </Button>
      {at >= 0 && (
        <Lightbox
          shown={shown}
          at={at}
          onAt={(to) => setOpen(shown[to]?.media.id)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </UploadZone>
  );
}
