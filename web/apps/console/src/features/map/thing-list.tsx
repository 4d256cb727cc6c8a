import { useT } from '@yiwang/i18n/i18n.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { Empty } from '@yiwang/ui/states.tsx';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useLines } from '../../parts/use-lines.ts';
import type { Chosen } from './map-view.ts';
import type { Thing, ThingWords } from './things.ts';

const LINE_HEIGHT = 46;
const PAGE_LINES = 8;

interface ThingListProps {
  things: readonly Thing[];
  words: ThingWords;
  chosen: Chosen | undefined;
  empty: string;
  hint?: string;
  onPick: (thing: Thing) => void;
}

/** What the map shows, for those who do not see it and for hands on the keys. Only the lines in sight are drawn. */
export function ThingList({ things, words, chosen, empty, hint, onPick }: ThingListProps) {
  const t = useT();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const current = Math.min(at, things.length - 1);
  const virtual = useLines({ count: things.length, height: LINE_HEIGHT, current, scroller });
  const index = chosen ? things.findIndex((one) => one.layer === chosen.layer && one.id === chosen.id) : -1;
  useEffect(() => {
    if (index >= 0) setAt(index);
  }, [index]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(things.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const thing = things[current];
    const ways: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + PAGE_LINES,
      PageUp: current - PAGE_LINES,
      Home: 0,
      End: things.length - 1,
    };
    const way = ways[event.key];
    if (way !== undefined) move(way);
    else if (event.key === 'Enter' && thing) onPick(thing);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (things.length === 0) return <Empty text={empty} {...(hint ? { hint } : {})} />;
  return (
    <div
      ref={scroller}
      className="thing-list"
      role="listbox"
      tabIndex={0}
      aria-label={t('map.list.label')}
      aria-activedescendant={`${id}-${current}`}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize() }} role="presentation">
        {virtual.getVirtualItems().map(({ index: line, start }) => {
          const thing = things[line] as Thing;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and points here
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list's keys choose
            <div
              key={`${thing.layer}:${thing.id}`}
              id={`${id}-${line}`}
              className="thing-line"
              role="option"
              aria-selected={line === index}
              aria-setsize={things.length}
              aria-posinset={line + 1}
              data-current={line === current}
              data-layer={thing.layer}
              style={{ transform: `translateY(${start}px)`, height: LINE_HEIGHT }}
              onClick={() => {
                setAt(line);
                onPick(thing);
              }}
            >
              <ThingLine thing={thing} layer={words.layer(thing.layer)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function ThingLine({ thing, layer }: { thing: Thing; layer: string }) {
  const t = useT();
  const isCluster = thing.form === 'cluster';
  return (
    <>
      {thing.light ? (
        <Light light={thing.light} label="" />
      ) : (
        <i
          className="layer-swatch"
          data-form={thing.form}
          data-hollow={thing.isHollow}
          data-ringed={!thing.isUsual && thing.form === 'point'}
          style={{ color: thing.color ?? 'var(--yw-accent)' }}
          aria-hidden="true"
        />
      )}
      <span className="thing-name">
        {isCluster ? t('map.list.cluster', { name: thing.name, count: thing.count }) : thing.name}
        <small>{isCluster ? t('map.list.nearer') : thing.note}</small>
      </span>
      <span className="thing-state">
        {[thing.mark, thing.state].filter(Boolean).join(' · ')}
        <small>{isCluster ? '' : layer}</small>
      </span>
    </>
  );
}
