import type { Layer } from '@yiwang/api/types/geo.ts';
import { lazy, Suspense } from 'react';
import { MapPanels } from './map-panels.tsx';
import { MapSide } from './map-side.tsx';
import { MapStage } from './map-stage.tsx';
import { PanelSheet } from './panel-sheet.tsx';
import { TimeBar } from './time-bar.tsx';
import { useActs, useWorkspace } from './use-workspace.ts';

const ImportDialog = lazy(() => import('./imports/import-dialog.tsx'));

/** Panels, map, card and time, and what they tell each other. */
export function Workspace({ layers }: { layers: readonly Layer[] }) {
  const space = useWorkspace(layers);
  const acts = useActs(space);
  const { view, board, choices } = space;
  const isImport = view.form?.what === 'import';
  const hasCard = view.chosen !== undefined || choices.length > 0 || (view.form !== undefined && !isImport);
  return (
    <div className="map-workspace" data-card={hasCard}>
      <PanelSheet>
        <MapPanels
          {...{ layers, space }}
          onPick={acts.pick}
          onAll={(layer) => layer.bounds && board?.fitBounds(layer.bounds)}
        />
      </PanelSheet>
      <div className="map-middle">
        <MapStage {...{ space, acts, hasCard }} />
        <TimeBar at={view.at} onAt={acts.goTo} />
      </div>
      {hasCard && <MapSide {...{ space, acts }} />}
      {view.form && isImport && (
        <Suspense>
          <ImportDialog
            layers={layers}
            first={view.form.of}
            onLayer={(of) => view.setForm({ what: 'import', of })}
            onImported={(layer) => board?.refresh(layer)}
            onClose={() => view.setForm(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}
