import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input } from '@yiwang/ui/controls.ts';
import { type DragEvent, useRef, useState } from 'react';
import { IMPORT_FIELDS, SAMPLE } from './columns.ts';
import { textOfBytes } from './csv.ts';

const NEEDED = new Set(['code', 'name', 'profile', 'protocol']);

/** A file that is chosen or dropped, or text that is pasted; both are shown as text and may be mended there. */
export function ImportInput({ text, onText }: { text: string; onText: (text: string) => void }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState('');
  const word = (key: string) => t(`devices.import.${key}`);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen.name);
    onText(textOfBytes(new Uint8Array(await chosen.arrayBuffer())));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className="import-input" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <p className="yw-dim">{word('hint')}</p>
      <div className="toolbar">
        <Button onClick={() => picker.current?.click()}>{word('choose')}</Button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={word('choose')}
          accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <Button onClick={() => onText(SAMPLE)}>{word('sample')}</Button>
        {file && <span className="yw-mono yw-dim">{file}</span>}
      </div>
      <Input.TextArea
        aria-label={word('text')}
        className="yw-mono import-text"
        placeholder={word('paste')}
        autoSize={{ minRows: 6, maxRows: 12 }}
        spellCheck={false}
        wrap="off"
        value={text}
        onChange={(event) => {
          setFile('');
          onText(event.target.value);
        }}
      />
      <details className="import-columns">
        <summary>{word('columns')}</summary>
        <ul>
          {IMPORT_FIELDS.map((field) => (
            <li key={field}>
              <span className="yw-mono">{field}</span> {t(`devices.field.${field}`)}
              {NEEDED.has(field) && ` · ${t('shell.common.required')}`}
            </li>
          ))}
          <li>
            <span className="yw-mono">attr.*</span> {t('devices.field.attributes')}
          </li>
        </ul>
        <p className="yw-dim">{word('columnsHint')}</p>
      </details>
    </div>
  );
}
