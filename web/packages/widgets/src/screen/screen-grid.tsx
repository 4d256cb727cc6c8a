import type { Screen } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { applyThemeTo } from '@yiwang/tokens/tokens.ts';
import { type CSSProperties, useCallback, useMemo, useState } from 'react';
import { Explain } from '../explain/explain.tsx';
import { type Chosen, chooseLayout, designWidth, unitOf, type View } from '../layout/choose.ts';
import { gridOf, readingOrder, styleOf } from '../layout/grid.ts';
import { columnWidths } from '../layout/seams.ts';
import { type Setting, SettingContext, type Subject } from '../parts/setting.ts';
import { useSize } from '../parts/use-size.ts';
import { Place } from '../place.tsx';
import './screen-grid.css';

applyThemeTo('.wall', 'wall');

/** What a screen needs of the console around it. */
export type Around = Pick<Setting, 'casesAt' | 'hrefOf' | 'go'>;

interface ScreenGridProps {
  screen: Screen;
  around: Around;
  /** Another size of the unit than the window asks for, for a picture in small. */
  scale?: ((chosen: Chosen, view: View) => number) | undefined;
  /** Take the layout for this window, whatever the real one is. */
  as?: View | undefined;
}

const GAP = 10;
const PADDING = 12;

const unitFor = (chosen: Chosen, view: View) => unitOf(chosen.key, view);

/** A screen in its place: the layout that fits, every size in units of the place, nothing scaled. */
export function ScreenGrid({ screen, around, scale = unitFor, as }: ScreenGridProps) {
  const t = useT();
  const [host, size] = useSize<HTMLDivElement>();
  const chosen = size && chooseLayout(screen, as ?? size);
  const unit = size && chosen ? scale(chosen, size) : 1;
  return (
    <div
      ref={host}
      className="wall"
      data-theme="dark"
      data-layout={chosen?.key}
      style={{ '--u': `${unit}px` } as CSSProperties}
    >
      {size && chosen && <Laid screen={screen} chosen={chosen} size={size} unit={unit} around={around} />}
      {size && !chosen && <p className="wall-note">{t('wall.screen.noLayout')}</p>}
    </div>
  );
}

interface LaidProps {
  screen: Screen;
  chosen: Chosen;
  size: View;
  unit: number;
  around: Around;
}

function Laid({ screen, chosen, size, unit, around }: LaidProps) {
  const t = useT();
  const [subject, setSubject] = useState<Subject>();
  const close = useCallback(() => setSubject(undefined), []);
  const { casesAt, hrefOf, go } = around;
  const setting = useMemo<Setting>(
    () => ({
      theme: 'wall',
      unit,
      refreshSeconds: screen.refresh_seconds,
      casesAt,
      hrefOf,
      go,
      explain: setSubject,
    }),
    [unit, screen.refresh_seconds, casesAt, hrefOf, go],
  );
  const { layout } = chosen;
  const hasFaults = gridOf(layout).faults.length > 0;
  const placed = new Map(screen.widgets.map((widget) => [widget.area, widget]));
  if (hasFaults) return <p className="wall-note">{t('wall.screen.badLayout', { layout: chosen.key })}</p>;
  return (
    <SettingContext value={setting}>
      <div className="wall-grid" data-flowing={!layout.rows} style={gridStyle(screen, chosen, size, unit)}>
        {readingOrder(layout).map((area) => {
          const widget = placed.get(area);
          return (
            <div key={area} className="wall-cell" data-kind={widget?.kind} style={{ gridArea: area }}>
              {widget && <Place widget={widget} />}
            </div>
          );
        })}
      </div>
      <Explain subject={subject} onClose={close} />
    </SettingContext>
  );
}

function gridStyle(screen: Screen, { key, layout }: Chosen, { width }: View, unit: number): CSSProperties {
  const seams = screen.seams?.[key] ?? [];
  const strip = { width: width - 2 * PADDING * unit, gap: GAP * unit, left: PADDING * unit };
  const scaled = seams.map((seam) => (seam * width) / designWidth(key));
  const widths = scaled.length > 0 ? columnWidths(layout.columns, scaled, strip) : undefined;
  return { gap: GAP * unit, padding: PADDING * unit, ...styleOf(layout, widths) };
}
