import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { type EntryFormat, formatOf } from './entry-text.ts';
import type { DraftInHand } from './use-draft.ts';

export interface TextFieldHandle {
  select: (offset: number, length: number) => void;
}

interface TextFieldProps {
  ref: Ref<TextFieldHandle>;
  draft: DraftInHand;
  mayEdit: boolean;
}

const FORMATS: readonly EntryFormat[] = ['yaml', 'json'];
const LINE_PX = 20;

/** The entry as text. What is found about it leads to its place here. */
export function EntryTextField({ ref, draft, mayEdit }: TextFieldProps) {
  const t = useT();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState({ line: 1, column: 1 });
  const follow = (area: HTMLTextAreaElement) => {
    const before = area.value.slice(0, area.selectionStart).split('\n');
    setCaret({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
  };
  useImperativeHandle(ref, () => ({
    select: (offset, length) => {
      const area = field.current;
      if (!area) return;
      area.focus();
      area.setSelectionRange(offset, offset + length);
      follow(area);
      const above = area.value.slice(0, offset).split('\n').length - 1;
      area.scrollTop = Math.max(0, above * LINE_PX - area.clientHeight / 2);
    },
  }));
  return (
    <div className="entry-text">
      <div className="toolbar">
        <Segmented
          size="small"
          aria-label={t('rules.text.format')}
          value={formatOf(draft.text)}
          disabled={!draft.read.entry}
          onChange={draft.setFormat}
          options={FORMATS.map((one) => ({ value: one, label: one.toUpperCase() }))}
        />
        <span className="yw-dim">{t('rules.text.comments')}</span>
        <span className="page-gap" />
        <span className="yw-dim yw-mono">{t('rules.text.caret', caret)}</span>
      </div>
      <textarea
        ref={field}
        className="yw-mono"
        aria-label={t('rules.text.label')}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        readOnly={!mayEdit}
        value={draft.text}
        onChange={(event) => {
          draft.setText(event.target.value);
          follow(event.target);
        }}
        onSelect={(event) => follow(event.currentTarget)}
      />
    </div>
  );
}
