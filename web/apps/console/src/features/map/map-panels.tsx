import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Place } from '@yiwang/map/board/geodesy.ts';
import { Tabs } from '@yiwang/ui/controls.ts';
import { useMemo } from 'react';
import { BasemapChoice } from './basemap-choice.tsx';
import { LayerTree } from './layer-tree.tsx';
import type { Tab } from './map-view.ts';
import { RegionPanel } from './region-panel.tsx';
import { ThingList } from './thing-list.tsx';
import { countsOf, listed, type Thing, type ThingWords } from './things.ts';
import type { BasemapState } from './use-basemap.ts';
import type { MapViewState } from './use-map-view.ts';
import type { OwnPoints } from './use-points.ts';

interface PanelsProps {
  layers: readonly Layer[];
  view: MapViewState;
  own: OwnPoints;
  words: ThingWords;
  faults: ReadonlyMap<string, number>;
  ring: Place[] | undefined;
  drawnNow: readonly Thing[];
  basemap: BasemapState;
  onPick: (thing: Thing) => void;
  onAll: (layer: Layer) => void;
}

/** Beside the map: its layers, what is in view, and what lies in a region. */
export function MapPanels(props: PanelsProps) {
  const { layers, view, own, words, faults, ring, drawnNow, basemap, onPick, onAll } = props;
  const t = useT();
  const order = useMemo(() => layers.map((layer) => layer.code), [layers]);
  const things = useMemo(() => listed(drawnNow, order), [drawnNow, order]);
  const isPast = view.at !== undefined;
  const count = countsOf(things).reduce((sum, [, each]) => sum + each, 0);
  const panels: Record<Tab, React.ReactNode> = {
    layers: (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      <div className="map-scroll" tabIndex={0} role="group" aria-label={t('map.tabs.layers')}>
        <LayerTree
          {...{ layers, own, faults, isPast, onAll }}
          shown={view.shown}
          onSwitch={view.switchLayer}
        />
        <BasemapChoice {...basemap} />
      </div>
    ),
    list: (
      <>
        <p className="layer-note" role="status">
          {t('map.list.count', { lines: things.length, count })}
        </p>
        <ThingList
          things={things}
          words={words}
          chosen={view.chosen}
          empty={t('map.list.empty')}
          hint={t('map.list.emptyHint')}
          onPick={onPick}
        />
      </>
    ),
    region: (
      <RegionPanel
        {...{ ring, layers, own, words, onPick }}
        shown={view.shown}
        at={view.at}
        chosen={view.chosen}
      />
    ),
  };
  return (
    <section className="map-panels" aria-label={t('map.panels')}>
      <Tabs
        className="map-tabs"
        size="small"
        activeKey={view.tab}
        onChange={(key) => view.setTab(key as Tab)}
        items={(Object.keys(panels) as Tab[]).map((key) => ({
          key,
          label: t(`map.tabs.${key}`),
          children: <div className="map-panel">{panels[key]}</div>,
        }))}
      />
    </section>
  );
}
