import { useT } from '@yiwang/i18n/i18n.ts';
import { LateBoard } from '@yiwang/map/board/late-board.tsx';
import { Boundary, Fault, Loading } from '@yiwang/ui/states.tsx';
import { useTheme } from '@yiwang/ui/theme-provider.tsx';
import { BasemapNote } from './basemap-choice.tsx';
import { ALARMS, CASES } from './map-view.ts';
import { PastBanner } from './past-banner.tsx';
import { PrintHead } from './print-head.tsx';
import { SearchBox } from './search-box.tsx';
import { Readout, ToolsBar } from './tools-bar.tsx';
import type { Acts, WorkspaceState } from './use-workspace.ts';

const NONE: never[] = [];

interface StageProps {
  space: WorkspaceState;
  acts: Acts;
  hasCard: boolean;
}

/** The map with what is above it: finding, tools, and what must be known of it. */
export function MapStage({ space, acts, hasCard }: StageProps) {
  const { view, words, field, drawnNow, isPast, sketch, own, byCode } = space;
  return (
    <>
      <div className="map-head">
        <SearchBox {...{ field, words, isPast }} inView={drawnNow} codes={view.codes} onFound={acts.fly} />
        <ToolsBar tool={sketch.drawing.tool ? undefined : sketch.tool} onTool={sketch.use} />
      </div>
      {view.at && (
        <PastBanner
          at={view.at}
          shown={view.shown.filter((code) => byCode.has(code))}
          words={words}
          onNow={() => acts.goTo(undefined)}
        />
      )}
      <Faults space={space} />
      {own.fault ? <Fault fault={own.fault} /> : null}
      <Canvas {...{ space, acts, hasCard }} />
    </>
  );
}

/** What of the map did not come. */
function Faults({ space }: { space: WorkspaceState }) {
  const t = useT();
  const { faults, words, forgetFaults, board, moving } = space;
  return (
    <>
      {faults.size > 0 && (
        <div className="map-faults" role="status">
          {t('map.faults', { layers: [...faults.keys()].map(words.layer).join('、') })}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              forgetFaults();
              board?.refreshAll();
            }}
          >
            {t('shell.states.retry')}
          </button>
        </div>
      )}
      {moving.fault ? (
        <div className="map-faults" role="status">
          {t('map.moving.fault')}
        </div>
      ) : null}
    </>
  );
}

function Canvas({ space, acts, hasCard }: StageProps) {
  const t = useT();
  const { theme } = useTheme();
  const { view, words, own, marked, placing, sketch } = space;
  return (
    <div className="map-canvas">
      <PrintHead at={view.at} shown={view.shown} words={words} />
      <Boundary>
        <LateBoard
          waiting={<Loading />}
          label={t('map.label')}
          theme={theme}
          camera={view.camera}
          layers={view.boardLayers}
          at={view.at}
          cases={view.shown.includes(CASES) ? own.cases : NONE}
          alarms={view.shown.includes(ALARMS) ? own.alarms : NONE}
          marked={hasCard ? marked : undefined}
          tool={sketch.tool}
          placing={placing.place}
          onBoard={space.setBoard}
          onCamera={view.setCamera}
          onChosen={acts.onChosen}
          onInView={space.setInView}
          onFault={space.addFault}
          onSketch={sketch.draw}
          onPlaced={placing.set}
        />
      </Boundary>
      {sketch.tool && (
        <Readout tool={sketch.tool} sketch={sketch.sketch} onEnd={() => sketch.use(undefined)} />
      )}
      <BasemapNote {...space.basemap} />
    </div>
  );
}
