import { useInfiniteQuery } from '@tanstack/react-query';
import { fenceEventsQuery } from '@yiwang/api/fence-api.ts';
import { FENCE_EVENT_KINDS } from '@yiwang/api/types/fence.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { LoadMore } from '../../../parts/load-more.tsx';
import { useFenceWords } from './fence-words.ts';

interface EventsProps {
  /** Of one fence; of all where nothing is said. */
  fence?: string;
  onPlace: (place: { lon: number; lat: number }) => void;
}

/** What was told about fences, newest first; each line leads to where it was. */
export function FenceEvents({ fence, onPlace }: EventsProps) {
  const t = useT();
  const known = useKnown();
  const words = useFenceWords();
  const now = useNow();
  const [kinds, setKinds] = useState<string[]>([]);
  const query = useInfiniteQuery(fenceEventsQuery({ fence, kind: kinds }));
  return (
    <>
      <Select
        mode="multiple"
        size="small"
        allowClear
        className="fence-kinds"
        aria-label={t('map.fences.kindFilter')}
        placeholder={t('map.fences.allKinds')}
        value={kinds}
        options={FENCE_EVENT_KINDS.map((kind) => ({
          value: kind,
          label: t(`map.fences.eventKinds.${kind}`),
        }))}
        onChange={setKinds}
      />
      <Loaded query={query}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.items);
          if (events.length === 0) return <Empty text={t('map.fences.noEvents')} />;
          return (
            <>
              <ol className="fence-events" aria-label={t('map.fences.events')}>
                {events.map((event) => (
                  <li key={event.id} data-kind={event.kind}>
                    <time dateTime={event.at}>{shortTime(event.at, now)}</time>
                    <button type="button" className="link-button yw-mono" onClick={() => onPlace(event)}>
                      {event.device}
                    </button>
                    <span>
                      {known('map.fences.eventKinds', event.kind)}
                      {!fence && ` ${event.fence_name}`}
                      <small>{words.figures(event)}</small>
                    </span>
                  </li>
                ))}
              </ol>
              <LoadMore count={events.length} query={query} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
