import { useT } from '@yiwang/i18n/i18n.ts';
import { areaOf, distance, lengthOf } from '@yiwang/map/board/geodesy.ts';
import { type Sketch, TOOLS, type Tool } from '@yiwang/map/board/sketch.ts';
import { App, Button } from '@yiwang/ui/controls.ts';
import { LinkOutlined, PrinterOutlined } from '@yiwang/ui/icons.ts';
import { metresWords, muOf, squareWords } from './measure-words.ts';

interface ToolsBarProps {
  tool: Tool | undefined;
  onTool: (tool: Tool | undefined) => void;
}

const ICONS: Record<Tool, string> = {
  distance:
    'M2 13L14 3M2 13m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M14 3m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0',
  area: 'M2 12l2-9 9 1 1 8-6 2z',
  rectangle: 'M2 3.5h12v9H2z',
  polygon: 'M8 1.5l6.5 5-2.5 8H4l-2.5-8z',
  circle: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
};

export function ToolIcon({ tool }: { tool: Tool }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path
        d={ICONS[tool]}
        fill={tool === 'area' ? 'currentColor' : 'none'}
        fillOpacity={0.25}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray={tool === 'distance' || tool === 'area' ? undefined : '2.5 1.5'}
      />
    </svg>
  );
}

/** Measuring, selecting, printing, and sending what is looked at. */
export function ToolsBar({ tool, onTool }: ToolsBarProps) {
  const t = useT();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      void message.success(t('map.tools.copied'));
    } catch {
      // Without a secure page there is no clipboard: the address bar has the same.
      void message.info(t('map.tools.copyByHand'));
    }
  };
  return (
    <div className="map-tools" role="toolbar" aria-label={t('map.tools.label')}>
      {TOOLS.map((one) => (
        <Button
          key={one}
          size="small"
          type={tool === one ? 'primary' : 'default'}
          aria-pressed={tool === one}
          title={t(`map.tools.${one}Hint`)}
          icon={<ToolIcon tool={one} />}
          onClick={() => onTool(tool === one ? undefined : one)}
        >
          <span className="map-tool-word">{t(`map.tools.${one}`)}</span>
        </Button>
      ))}
      <Button
        size="small"
        icon={<PrinterOutlined />}
        title={t('map.tools.print')}
        onClick={() => window.print()}
      >
        <span className="map-tool-word">{t('map.tools.print')}</span>
      </Button>
      <Button size="small" icon={<LinkOutlined />} title={t('map.tools.copy')} onClick={() => void copy()}>
        <span className="map-tool-word">{t('map.tools.copy')}</span>
      </Button>
    </div>
  );
}

/** What the tool says so far, and how to go on. */
export function Readout({
  tool,
  sketch,
  onEnd,
}: {
  tool: Tool;
  sketch: Sketch | undefined;
  onEnd: () => void;
}) {
  const t = useT();
  return (
    <div className="map-readout">
      <output>
        <strong>{sketch ? readingOf(sketch, t) : t(`map.tools.${tool}`)}</strong>
        <span>{t(sketch?.isDone ? 'map.tools.again' : `map.tools.${tool}Hint`)}</span>
        {!sketch?.isDone && <span className="yw-dim">{t('map.tools.keysHint')}</span>}
      </output>
      <Button size="small" onClick={onEnd}>
        {t('map.tools.end')}
      </Button>
    </div>
  );
}

function readingOf(sketch: Sketch, t: (key: string, values?: Record<string, unknown>) => string): string {
  const { tool, path, ring } = sketch;
  if (tool === 'distance') return t('map.tools.length', { length: metresWords(lengthOf(path)) });
  const parts: string[] = [];
  const [first, second] = path;
  if (tool === 'circle' && first && second)
    parts.push(t('map.tools.radius', { length: metresWords(distance(first, second)) }));
  if (ring) {
    const [first] = ring;
    const around = first ? lengthOf([...ring, first]) : 0;
    parts.push(t('map.tools.size', { area: squareWords(areaOf(ring)), mu: muOf(areaOf(ring)) }));
    if (tool === 'area') parts.push(t('map.tools.around', { length: metresWords(around) }));
  }
  return parts.join(' · ') || t(`map.tools.${tool}`);
}
