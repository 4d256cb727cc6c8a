import { LAYOUT_KEYS, type LayoutKey, type Screen, type ScreenFinding } from '@yiwang/api/types/screen.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { spotOf, wordOf } from './findings.ts';
import { useTitles } from './grid-editor.tsx';

interface FindingListProps {
  findings: readonly ScreenFinding[];
  screen: Screen;
  onWidget: (area: string) => void;
  onLayout: (key: LayoutKey) => void;
}

/** What the server found in the draft; each leads to its place. */
export function FindingList({ findings, screen, onWidget, onLayout }: FindingListProps) {
  const t = useT();
  const known = useKnown();
  const title = useTitles(screen.widgets);
  if (findings.length === 0) return null;
  const goTo = (pointer: string) => {
    const spot = spotOf(pointer);
    const area = spot.kind === 'widget' ? screen.widgets[spot.index]?.area : undefined;
    if (area) onWidget(area);
    const key = spot.kind === 'layout' ? LAYOUT_KEYS.find((one) => one === spot.key) : undefined;
    if (key && screen.layouts[key]) onLayout(key);
  };
  const placeOf = (pointer: string) => {
    const spot = spotOf(pointer);
    if (spot.kind === 'widget') return title(screen.widgets[spot.index]?.area ?? '');
    return spot.kind === 'layout' ? spot.key : t('wall.edit.screenFields');
  };
  return (
    <Panel title={t('wall.edit.findings', { count: findings.length })}>
      <ul className="screen-findings">
        {findings.map((finding) => (
          <li key={`${finding.pointer} ${finding.code} ${finding.message}`}>
            <button type="button" onClick={() => goTo(finding.pointer)}>
              <strong>{placeOf(finding.pointer)}</strong> {known('wall.edit.found', wordOf(finding))}{' '}
              <span className="yw-dim">
                {finding.message} {finding.hint} <span className="yw-mono">{finding.pointer}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
