import type { LayoutKey, Screen } from '@yiwang/api/types/screen.ts';
import { type Chosen, designWidth, RATIOS, type View } from '@yiwang/widgets/layout/choose.ts';
import { ScreenGrid } from '@yiwang/widgets/screen/screen-grid.tsx';
import { useMemo } from 'react';
import { useAround } from '../around.ts';
import { useScreenRefresh } from '../use-screen-refresh.ts';

const REFRESH_SECONDS = 30;

/** Units as small as the picture is. */
const inSmall = ({ key }: Chosen, { width }: View) => width / designWidth(key);

/** The screen as it will be, with the city's own numbers. */
export function Preview({ screen, current }: { screen: Screen; current: LayoutKey }) {
  const around = useAround();
  useScreenRefresh(REFRESH_SECONDS);
  const as = useMemo<View>(() => {
    const width = designWidth(current);
    return { width, height: Math.round(width / RATIOS[current]) };
  }, [current]);
  return (
    <div
      className="screen-preview"
      // A picture: what lies in it is reached on the screen itself.
      inert
      data-upright={current === 'phone' || current === 'portrait'}
      style={{ aspectRatio: RATIOS[current] }}
    >
      <ScreenGrid screen={screen} around={around} scale={inSmall} as={as} />
    </div>
  );
}
