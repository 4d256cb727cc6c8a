import type { PlotContent } from '@yiwang/chart/plots/content.ts';
import { useLanguage } from '@yiwang/i18n/i18n.ts';
import { lazy, Suspense } from 'react';
import { useSetting } from './setting.ts';

const Plot = lazy(() => import('@yiwang/chart/plots/plot.tsx'));

interface PlotAreaProps {
  label: string;
  content: PlotContent;
  onPick?: ((id: string) => void) | undefined;
}

/** A plot in the screen's theme and size; the library comes when the first is shown. */
export function PlotArea({ label, content, onPick }: PlotAreaProps) {
  const { theme, unit } = useSetting();
  const language = useLanguage();
  return (
    <div className="ww-plot">
      <Suspense fallback={null}>
        <Plot label={label} content={content} theme={theme} language={language} unit={unit} onPick={onPick} />
      </Suspense>
    </div>
  );
}
