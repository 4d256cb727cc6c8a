import { MEDIA_ACCEPT } from '@yiwang/api/media-api.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Upload, useUploads } from './use-uploads.ts';
import './upload-zone.css';

interface UploadZoneProps {
  onStored: (media: MediaView) => void;
  label: string;
  children?: ReactNode;
  id?: string | undefined;
}

/** Where files come in: chosen, photographed, dragged or pasted. What is there already is shown inside. */
export function UploadZone({ onStored, label, children, id }: UploadZoneProps) {
  const t = useT();
  const { uploads, add, retry, drop } = useUploads(onStored);
  const [isOver, setOver] = useState(false);
  usePastedFiles(add);
  return (
    <div
      id={id}
      role="group"
      aria-label={label}
      className="upload-zone"
      data-over={isOver}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        add(event.dataTransfer.files);
      }}
    >
      {children}
      <ul className="upload-list" aria-live="polite">
        {uploads.map((upload) => (
          <Line key={upload.key} upload={upload} onRetry={retry} onDrop={drop} />
        ))}
      </ul>
      <div className="upload-buttons">
        <FileButton words={t('media.choose')} multiple onFiles={add} />
        <FileButton words={t('media.camera')} capture onFiles={add} />
        <span className="yw-dim">{isOver ? t('media.drop') : t('media.hint')}</span>
      </div>
    </div>
  );
}

interface FileButtonProps {
  words: string;
  multiple?: boolean;
  capture?: boolean;
  onFiles: (files: Iterable<File>) => void;
}

function FileButton({ words, multiple = false, capture = false, onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="small" onClick={() => input.current?.click()}>
        {words}
      </Button>
      <input
        ref={input}
        type="file"
        className="upload-input"
        aria-label={words}
        tabIndex={-1}
        multiple={multiple}
        accept={capture ? 'image/*' : MEDIA_ACCEPT}
        {...(capture ? { capture: 'environment' as const } : {})}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}

interface LineProps {
  upload: Upload;
  onRetry: (upload: Upload) => void;
  onDrop: (key: number) => void;
}

function Line({ upload, onRetry, onDrop }: LineProps) {
  const t = useT();
  const { file, part, fault } = upload;
  if (!fault) {
    const words = t('media.uploading', { name: file.name });
    return (
      <li>
        <progress aria-label={words} value={part} max={1} /> {words}
      </li>
    );
  }
  const why = t(`media.fault.${fault.words}`, { mib: fault.mib ?? '' });
  return (
    <li role="alert" className="upload-fault">
      {t('media.failed', { name: file.name, why })}
      <Button size="small" type="link" onClick={() => onRetry(upload)}>
        {t('media.retry')}
      </Button>
      <Button size="small" type="link" onClick={() => onDrop(upload.key)}>
        {t('media.dismiss')}
      </Button>
    </li>
  );
}

/** Pasting text stays pasting text; pasting a picture is taken. */
function usePastedFiles(onFiles: (files: Iterable<File>) => void) {
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}
