import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Tabs } from '@yiwang/ui/controls.ts';
import { type ReactNode, useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { BasemapChoice } from './basemap-choice.tsx';
import { FencePanel } from './fences/fence-panel.tsx';
import { LayerStack } from './layer-stack.tsx';
import { LayerTree } from './layer-tree.tsx';
import type { Tab } from './map-view.ts';
import { RegionPanel } from './region-panel.tsx';
import { ThingList } from './thing-list.tsx';
import { countsOf, listed, type Thing } from './things.ts';
import type { WorkspaceState } from './use-workspace.ts';

interface PanelsProps {
  layers: readonly Layer[];
  space: WorkspaceState;
  onPick: (thing: Thing) => void;
  onAll: (layer: Layer) => void;
}

/** Beside the map: its layers, what is in view, what lies in a region, and the fences. */
export function MapPanels({ layers, space, onPick, onAll }: PanelsProps) {
  const { view, words, drawnNow } = space;
  const t = useT();
  const { can } = useSigned();
  const order = useMemo(() => layers.map((layer) => layer.code), [layers]);
  const things = useMemo(() => listed(drawnNow, order), [drawnNow, order]);
  const count = countsOf(things).reduce((sum, [, each]) => sum + each, 0);
  const panels: Partial<Record<Tab, ReactNode>> = {
    layers: <LayersPanel {...{ layers, space, onAll }} />,
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
        {...{ layers, words, onPick }}
        ring={space.sketch.ring}
        own={space.own}
        shown={view.shown}
        at={view.at}
        chosen={view.chosen}
      />
    ),
    ...(can('geo.read')
      ? { fences: <FencePanel fences={space.fences} view={view} board={space.board} /> }
      : {}),
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

function LayersPanel({ layers, space, onAll }: Pick<PanelsProps, 'layers' | 'space' | 'onAll'>) {
  const { view, own, faults, isPast, moving, fences, words } = space;
  const t = useT();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <div className="map-scroll" tabIndex={0} role="group" aria-label={t('map.tabs.layers')}>
      <LayerTree
        {...{ layers, own, faults, isPast, moving, onAll }}
        fences={fences.query.data?.length}
        shown={view.shown}
        onSwitch={view.switchLayer}
        onForm={view.setForm}
      />
      <LayerStack {...{ layers, view, words }} />
      <BasemapChoice {...space.basemap} />
    </div>
  );
}
