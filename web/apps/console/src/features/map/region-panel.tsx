import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import type { Place } from '@yiwang/map/board/geodesy.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { DownloadOutlined } from '@yiwang/ui/icons.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { csvOf, download } from './csv.ts';
import type { Chosen } from './map-view.ts';
import { ThingList } from './thing-list.tsx';
import { countsOf, listed, type Thing, type ThingWords, thingOf } from './things.ts';
import type { OwnPoints } from './use-points.ts';
import { useRegion } from './use-region.ts';

interface RegionPanelProps {
  ring: Place[] | undefined;
  layers: readonly Layer[];
  shown: readonly string[];
  own: OwnPoints;
  at: string | undefined;
  words: ThingWords;
  chosen: Chosen | undefined;
  onPick: (thing: Thing) => void;
}

/** What lies within the drawn region, with counts, as a list and as a file. */
export function RegionPanel(props: RegionPanelProps) {
  const { ring, layers, shown, own, at, words, chosen, onPick } = props;
  const t = useT();
  const drawn = useMemo(() => layers.filter(({ code }) => shown.includes(code)), [layers, shown]);
  const region = useRegion(ring, drawn, shown, own, at);
  if (!ring) return <Empty text={t('map.region.none')} hint={t('map.region.noneHint')} />;
  return (
    <Loaded query={region.query}>
      {({ drawn: found, tooLarge, leftOut }) => (
        <Listed
          {...{ words, chosen, onPick, layers }}
          drawn={[...region.own, ...found]}
          tooLarge={tooLarge.map((code) => words.layer(code))}
          leftOut={leftOut}
        />
      )}
    </Loaded>
  );
}

function Listed({
  drawn,
  layers,
  words,
  chosen,
  tooLarge,
  leftOut,
  onPick,
}: Pick<RegionPanelProps, 'layers' | 'words' | 'chosen' | 'onPick'> & {
  drawn: Parameters<typeof thingOf>[0][];
  tooLarge: string[];
  leftOut: number;
}) {
  const t = useT();
  const byCode = new Map(layers.map((layer) => [layer.code, layer]));
  const order = layers.map((layer) => layer.code);
  const things = listed(
    drawn.map((one) => thingOf(one, byCode, words)),
    order,
  );
  const save = () => {
    const head = ['layer', 'name', 'code', 'state', 'lon', 'lat'].map((key) => t(`map.csv.${key}`));
    const { date, time } = civil(Date.now());
    download(`${t('map.csv.file')}-${date}-${time.replace(':', '')}.csv`, csvOf(head, things, words.layer));
  };
  return (
    <>
      <div className="region-head">
        <dl>
          {countsOf(things).map(([layer, count]) => (
            <div key={layer} data-layer={layer}>
              <dt>{words.layer(layer)}</dt>
              <dd>{count.toLocaleString('en-US')}</dd>
            </div>
          ))}
        </dl>
        <Button size="small" icon={<DownloadOutlined />} disabled={things.length === 0} onClick={save}>
          {t('map.csv.save')}
        </Button>
      </div>
      {tooLarge.length > 0 && (
        <p className="layer-note" data-bad="true" role="status">
          {t('map.region.tooLarge', { layers: tooLarge.join('、') })}
        </p>
      )}
      {leftOut > 0 && (
        <p className="layer-note" data-bad="true" role="status">
          {t('map.region.leftOut', { count: leftOut })}
        </p>
      )}
      <ThingList
        things={things}
        words={words}
        chosen={chosen}
        empty={t('map.region.empty')}
        onPick={onPick}
      />
    </>
  );
}
