import type { Attachment } from '@yiwang/api/types/incident.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { CloseOutlined } from '@yiwang/ui/icons.ts';
import { useRef, useState } from 'react';
import { Thumb } from './gallery.tsx';
import { Lightbox } from './lightbox.tsx';
import { UploadZone } from './upload-zone.tsx';

interface AttachmentFieldProps {
  value?: Attachment[];
  onChange?: (value: Attachment[]) => void;
  label: string;
  id?: string;
}

/** Files that hang on a report or a note. */
export function AttachmentField({ value = [], onChange, label, id }: AttachmentFieldProps) {
  const t = useT();
  const [files, setFiles] = useState<MediaView[]>([]);
  const [at, setAt] = useState<number>();
  const latest = useRef(value);
  latest.current = value;
  const change = (attachments: Attachment[]) => {
    latest.current = attachments;
    onChange?.(attachments);
  };
  const stored = (media: MediaView) => {
    setFiles((all) => [...all, media]);
    change([...latest.current, { name: media.name, media_id: media.id }]);
  };
  const shown = value.flatMap(({ media_id }) => {
    const media = files.find((one) => one.id === media_id);
    return media ? [{ media, label: media.name }] : [];
  });
  return (
    <UploadZone id={id} label={label} onStored={stored}>
      <ul className="upload-files">
        {shown.map(({ media }, index) => (
          <li key={media.id}>
            <Thumb media={media} label={media.name} onOpen={() => setAt(index)} />
            <Button
              className="upload-remove"
              type="text"
              size="small"
              aria-label={t('shell.common.remove')}
              icon={<CloseOutlined />}
              onClick={() => change(latest.current.filter((one) => one.media_id !== media.id))}
            />
          </li>
        ))}
      </ul>
      {at !== undefined && shown[at] && (
        <Lightbox shown={shown} at={at} onAt={setAt} onClose={() => setAt(undefined)} />
      )}
    </UploadZone>
  );
}
