import { useT } from '@yiwang/i18n/i18n.ts';
import { useEffect, useRef } from 'react';
import type { Subject } from '../parts/setting.ts';
import { IndexFacts } from './index-facts.tsx';
import { IndicatorFacts } from './indicator-facts.tsx';
import './explain.css';

/** What a number means, over the screen; Escape or a press beside it closes it. */
export function Explain({ subject, onClose }: { subject: Subject | undefined; onClose: () => void }) {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = subject !== undefined;
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (isOpen && !element.open) element.showModal();
    if (!isOpen && element.open) element.close();
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog closes by Escape and by its button
    <dialog
      ref={dialog}
      className="ww-explain"
      aria-label={t('wall.explain.label')}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {subject && (
        <div className="ww-explain-sheet">
          {subject.kind === 'index' ? (
            <IndexFacts area={subject.area} />
          ) : (
            <IndicatorFacts code={subject.code} area={subject.area} />
          )}
          <button type="button" className="ww-explain-close" onClick={onClose}>
            {t('wall.explain.close')}
          </button>
        </div>
      )}
    </dialog>
  );
}
