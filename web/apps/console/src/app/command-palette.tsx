import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { incidentApi } from '@yiwang/api/incident-api.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Input, Modal } from '@yiwang/ui/controls.ts';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { showOverlay, useOverlay } from './overlay-store.ts';
import { PLACES, pagesFor } from './pages.ts';
import { useSigned } from './session.tsx';
import './command-palette.css';

interface Entry {
  key: string;
  group: string;
  label: string;
  note: string;
  run(): void;
}

const CASE_TEXT_MIN = 2;

function useEntries(text: string): Entry[] {
  const t = useT();
  const term = useTerm();
  const { can } = useSigned();
  const navigate = useNavigate();
  const cases = useQuery({
    queryKey: ['palette', text],
    queryFn: () => incidentApi.byNumber(text),
    enabled: text.length >= CASE_TEXT_MIN && can('incident.read'),
    staleTime: 10_000,
  });
  const open = pagesFor(can);
  const places = PLACES.filter(({ of }) => open.some((page) => page.key === of));
  const pages = [...open, ...places]
    .map((page) => ({ page, label: t(`shell.nav.${page.key}`) }))
    .filter(
      ({ page, label }) =>
        !text || label.toLowerCase().includes(text.toLowerCase()) || page.key.startsWith(text),
    );
  return [
    ...pages.map(({ page, label }) => ({
      key: page.key,
      group: t('shell.palette.pages'),
      label,
      note: page.path,
      run: () => void navigate({ to: page.path }),
    })),
    ...(text.length >= CASE_TEXT_MIN ? (cases.data?.items ?? []) : []).map((row) => ({
      key: row.id,
      group: t('shell.palette.cases'),
      label: row.title,
      note: `${row.number} · ${term('status', row.status)}`,
      run: () => void navigate({ to: '/incidents', search: { scope: 'all', q: row.number, sel: row.id } }),
    })),
  ];
}

function PaletteBody() {
  const t = useT();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries(text.trim());
  const current = Math.min(at, entries.length - 1);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    showOverlay(undefined);
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt(Math.min(current + 1, entries.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
    else if (event.key === 'Enter') choose(entries[current]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="palette" onKeyDown={onKeyDown} role="presentation">
      <Input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={entries[current] ? `palette-${entries[current].key}` : undefined}
        aria-label={t('shell.palette.title')}
        value={text}
        placeholder={t('shell.palette.placeholder')}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div id="palette-list" role="listbox" aria-label={t('shell.palette.title')} className="palette-list">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
          <div
            key={entry.key}
            id={`palette-${entry.key}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(entry)}
          >
            <span>{entry.label}</span>
            <span className="yw-dim">{entry.note}</span>
          </div>
        ))}
        {entries.length === 0 && <p className="yw-dim">{t('shell.palette.none')}</p>}
      </div>
    </div>
  );
}

export function CommandPalette() {
  const isOpen = useOverlay() === 'palette';
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.isComposing) {
        event.preventDefault();
        showOverlay('palette');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Modal
      open={isOpen}
      footer={null}
      closable={false}
      width={620}
      style={{ top: 80 }}
      onCancel={() => showOverlay(undefined)}
      destroyOnHidden
    >
      <PaletteBody />
    </Modal>
  );
}
