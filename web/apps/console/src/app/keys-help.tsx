import { useT } from '@yiwang/i18n/i18n.ts';
import { Modal } from '@yiwang/ui/controls.ts';
import { showOverlay, useOverlay } from './overlay-store.ts';
import './keys-help.css';

const KEYS: readonly [string, string][] = [
  ['J', 'next'],
  ['K', 'previous'],
  ['Enter', 'open'],
  ['S', 'sign'],
  ['A', 'assign'],
  ['C', 'note'],
  ['L', 'map'],
  ['X', 'return'],
  ['D', 'soon'],
  ['1 – 5', 'grade'],
  ['/', 'filter'],
  ['Ctrl Enter', 'submit'],
  ['Ctrl K', 'palette'],
  ['Esc', 'close'],
  ['?', 'help'],
];

export function KeysHelp() {
  const t = useT();
  const isOpen = useOverlay() === 'keys';
  return (
    <Modal
      open={isOpen}
      title={t('shell.keys.title')}
      footer={null}
      width={520}
      onCancel={() => showOverlay(undefined)}
      destroyOnHidden
    >
      <dl className="keys-help">
        {KEYS.map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`shell.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
