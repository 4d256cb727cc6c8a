import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Input, type InputRef } from '@yiwang/ui/controls.ts';
import { SearchOutlined } from '@yiwang/ui/icons.ts';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { FIND_LENGTH_MIN, type FindWith, type Found, findPlaces } from './find-places.ts';
import type { ThingWords } from './things.ts';

const SETTLE_MS = 250;

interface SearchBoxProps extends Pick<FindWith, 'inView' | 'codes' | 'isPast'> {
  field: RefObject<InputRef | null>;
  words: ThingWords;
  onFound: (found: Found) => void;
}

/** Where is it? A hit is flown to. */
export function SearchBox({ field, words, onFound, ...using }: SearchBoxProps) {
  const t = useT();
  const client = useQueryClient();
  const { can } = useSigned();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const asked = useSettled(text.trim(), SETTLE_MS);
  const query = useQuery({
    queryKey: ['map', 'find', asked, using.isPast],
    queryFn: () => findPlaces(asked, { client, can, ...using }),
    enabled: asked.length >= FIND_LENGTH_MIN,
    staleTime: 5_000,
  });
  const found = (asked.length >= FIND_LENGTH_MIN && query.data) || [];
  const current = Math.min(at, found.length - 1);
  const isListed = isOpen && asked.length >= FIND_LENGTH_MIN;
  const choose = (one: Found | undefined) => {
    if (!one) return;
    setOpen(false);
    onFound(one);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt(Math.min(current + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
    else if (event.key === 'Enter') choose(found[current]);
    else if (event.key === 'Escape' && isOpen) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <search className="map-search">
      <Input
        ref={field}
        allowClear
        role="combobox"
        aria-expanded={isListed}
        aria-controls="map-found"
        aria-activedescendant={isListed && found[current] ? `map-found-${current}` : undefined}
        aria-label={t('map.search.label')}
        placeholder={t('map.search.placeholder')}
        prefix={<SearchOutlined />}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => {
          // A click on a result takes the focus first; who has come back meanwhile goes on.
          const close = () => document.activeElement !== field.current?.input && setOpen(false);
          setTimeout(close, SETTLE_MS);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id="map-found"
        role="listbox"
        aria-label={t('map.search.found')}
        className="map-found"
        hidden={!isListed}
      >
        {found.map((one, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
          <div
            key={`${one.chosen.layer}:${one.chosen.id}`}
            id={`map-found-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(one)}
          >
            <span>{one.name}</span>
            <small>
              {words.layer(one.chosen.layer)} · {one.note}
            </small>
          </div>
        ))}
        {found.length === 0 && (
          <div role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
            {t(query.isFetching ? 'shell.states.loading' : 'map.search.none')}
          </div>
        )}
      </div>
    </search>
  );
}
