import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { LEVELS, type Level, type TurnCounts } from './counts.ts';

interface SummaryProps {
  counts: TurnCounts;
  level: Level | undefined;
  clock: string | undefined;
  onChoose: (choice: { level?: string | undefined; clock?: string | undefined }) => void;
}

/** Clocks down, levels across; every figure lists the turns that it counts. */
export function Summary({ counts, level, clock, onChoose }: SummaryProps) {
  const t = useT();
  const term = useTerm();
  const figure = (count: number, choice: { level?: Level; clock?: string }) => {
    const isOn = choice.level === level && choice.clock === clock;
    return count === 0 ? (
      <span className="yw-dim">0</span>
    ) : (
      <button
        type="button"
        className="link-button"
        aria-pressed={isOn}
        onClick={() => onChoose(isOn ? {} : choice)}
      >
        {count}
      </button>
    );
  };
  return (
    <table className="yw-table turn-counts" aria-label={t('escalations.title')}>
      <thead>
        <tr>
          <th scope="col">{t('escalations.clock')}</th>
          {LEVELS.map((one) => (
            <th key={one} scope="col" data-align="right">
              <Light light={one} label={t(`escalations.levels.${one}`)} />
            </th>
          ))}
          <th scope="col" data-align="right">
            {t('escalations.all')}
          </th>
        </tr>
      </thead>
      <tbody>
        {counts.clocks.map(({ kind, levels, all }) => (
          <tr key={kind}>
            <th scope="row">{term('clock', kind)}</th>
            {LEVELS.map((one) => (
              <td key={one} data-align="right">
                {figure(levels[one], { level: one, clock: kind })}
              </td>
            ))}
            <td data-align="right">{figure(all, { clock: kind })}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{t('escalations.all')}</td>
          {LEVELS.map((one) => (
            <td key={one} data-align="right">
              {figure(counts.levels[one], { level: one })}
            </td>
          ))}
          <td data-align="right">{figure(counts.all, {})}</td>
        </tr>
      </tfoot>
    </table>
  );
}
