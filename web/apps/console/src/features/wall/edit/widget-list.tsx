import type { LayoutKey, ScreenFinding } from '@yiwang/api/types/screen.ts';
import { type Screen, type ScreenLayout, WIDGET_KINDS, type WidgetKind } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Select } from '@yiwang/ui/controls.ts';
import { designWidth, RATIOS } from '@yiwang/widgets/layout/choose.ts';
import { type Cells, gridOf } from '@yiwang/widgets/layout/grid.ts';
import { isKind, KINDS } from '@yiwang/widgets/options.ts';
import { findingsOfWidget } from './findings.ts';
import { useTitles } from './grid-editor.tsx';

interface WidgetListProps {
  screen: Screen;
  current: LayoutKey;
  chosen: string | undefined;
  findings: readonly ScreenFinding[];
  onChoose: (area: string) => void;
  onAdd: (kind: WidgetKind) => void;
  onDrop: (area: string) => void;
}

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

/** How large a widget is in pixels of the design. */
function sizeIn(layout: ScreenLayout, key: LayoutKey, { x, y, width, height }: Cells) {
  const across = designWidth(key);
  const down = across / RATIOS[key];
  const part = (weights: readonly number[], from: number, count: number) =>
    sum(weights.slice(from, from + count)) / Math.max(0.001, sum(weights));
  return {
    width: across * part(layout.columns, x, width),
    height: layout.rows ? down * part(layout.rows, y, height) : Number.POSITIVE_INFINITY,
  };
}

/** The widgets of a screen, whether they lie in the layout, and what is wrong with them. */
export function WidgetList(props: WidgetListProps) {
  const { screen, current, chosen, findings, onChoose, onAdd, onDrop } = props;
  const t = useT();
  const title = useTitles(screen.widgets);
  const layout = screen.layouts[current];
  const places = layout ? gridOf(layout).places : new Map<string, Cells>();
  const noteOf = (area: string, kind: string) => {
    const cells = places.get(area);
    if (!cells || !layout) return t('wall.edit.notPlaced');
    if (!isKind(kind)) return '';
    const [least, size] = [KINDS[kind].size, sizeIn(layout, current, cells)];
    return size.width < least.width || size.height < least.height ? t('wall.edit.small', { ...least }) : '';
  };
  return (
    <div className="screen-widgets">
      <ul>
        {screen.widgets.map(({ area, kind }, index) => (
          <li key={area} data-chosen={area === chosen}>
            <button type="button" aria-pressed={area === chosen} onClick={() => onChoose(area)}>
              <strong>{title(area)}</strong>
              <span className="yw-dim">{isKind(kind) ? t(`wall.kinds.${kind}`) : kind}</span>
              <span className="screen-widget-note">{noteOf(area, kind)}</span>
              {findingsOfWidget(findings, index).length > 0 && (
                <span className="screen-widget-fault">
                  {t('wall.edit.findings', { count: findingsOfWidget(findings, index).length })}
                </span>
              )}
            </button>
            <Button
              size="small"
              type="text"
              danger
              aria-label={`${t('wall.edit.dropWidget')} ${title(area)}`}
              onClick={() => onDrop(area)}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
      <Select
        aria-label={t('wall.edit.addWidget')}
        placeholder={t('wall.edit.addWidget')}
        value={null}
        showSearch={{ optionFilterProp: 'label' }}
        options={WIDGET_KINDS.map((kind) => ({ value: kind, label: t(`wall.kinds.${kind}`) }))}
        onChange={(kind: WidgetKind | null) => kind && onAdd(kind)}
      />
    </div>
  );
}
