import type { Evidence } from '@yiwang/api/types/incident.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Button, Input, Select } from '@yiwang/ui/controls.ts';
import { CloseOutlined, PlusOutlined } from '@yiwang/ui/icons.ts';
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
}

async function fingerprint(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Pieces of evidence: a link, or a file's fingerprint. */
export function EvidenceField({ value = [], onChange, wanted = [] }: EvidenceFieldProps) {
  const t = useT();
  const term = useTerm();
  const set = (index: number, change: Partial<Evidence>) =>
    onChange?.(value.map((piece, at) => (at === index ? { ...piece, ...change } : piece)));
  const missing = wanted.filter((kind) => !value.some((piece) => piece.kind === kind));
  const next = missing[0] ?? 'photo';

  return (
    <div className="evidence">
      {value.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name of their own
        <div key={index} className="evidence-piece">
          <Select
            aria-label={t('command.field.kind')}
            value={piece.kind}
            options={KINDS.map((kind) => ({ value: kind, label: term('evidence', kind) }))}
            onChange={(kind) => set(index, { kind })}
          />
          <Input
            aria-label="URL"
            placeholder="https://"
            value={piece.media_url ?? ''}
            disabled={Boolean(piece.sha256)}
            onChange={(event) => set(index, { media_url: event.target.value })}
          />
          <input
            type="file"
            aria-label={t('command.field.evidence')}
            onChange={async (event) => {
              const file = event.target.files?.[0];
              if (file) set(index, { sha256: await fingerprint(file), note: file.name, media_url: null });
            }}
          />
          <Button
            type="text"
            size="small"
            aria-label={t('shell.common.remove')}
            icon={<CloseOutlined />}
            onClick={() => onChange?.(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => onChange?.([...value, { kind: next }])}>
        {t('shell.common.add')}
      </Button>
      <span className="yw-dim"> {t('command.hint.evidence')}</span>
      {missing.length > 0 && (
        <strong>
          {t('command.hint.evidenceNeeded', {
            kinds: missing.map((kind) => term('evidence', kind)).join('、'),
          })}
        </strong>
      )}
    </div>
  );
}
