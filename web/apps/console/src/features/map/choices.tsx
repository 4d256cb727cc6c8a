import { useT } from '@yiwang/i18n/i18n.ts';
import { useEffect, useRef } from 'react';
import { CardPane } from './card-pane.tsx';
import { ThingLine } from './thing-list.tsx';
import type { Thing, ThingWords } from './things.ts';

/** Several things lie under the pointer: which one is meant? */
export function Choices({
  things,
  words,
  onPick,
  onClose,
}: {
  things: readonly Thing[];
  words: ThingWords;
  onPick: (thing: Thing) => void;
  onClose: () => void;
}) {
  const t = useT();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  return (
    <CardPane title={t('map.choose', { count: things.length })} onClose={onClose}>
      <ul ref={list} className="map-choices">
        {things.map((thing) => (
          <li key={`${thing.layer}:${thing.id}`}>
            <button type="button" className="thing-line" onClick={() => onPick(thing)}>
              <ThingLine thing={thing} layer={words.layer(thing.layer)} />
            </button>
          </li>
        ))}
      </ul>
    </CardPane>
  );
}
