import type { WidgetKind } from '@yiwang/api/types/screen.ts';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { WidgetProps } from './widget.ts';

/** What draws each kind; it comes when the first of its kind is shown. */
export const COMPONENTS: Record<WidgetKind, LazyExoticComponent<ComponentType<WidgetProps>>> = {
  index: lazy(() => import('./kinds/index-dial.tsx')),
  lamps: lazy(() => import('./kinds/lamps.tsx')),
  kpi: lazy(() => import('./kinds/kpi.tsx')),
  line: lazy(() => import('./kinds/trend.tsx')),
  bar: lazy(() => import('./kinds/bars.tsx')),
  rank: lazy(() => import('./kinds/rank.tsx')),
  pie: lazy(() => import('./kinds/pie.tsx')),
  sankey: lazy(() => import('./kinds/sankey.tsx')),
  gauge: lazy(() => import('./kinds/gauge.tsx')),
  calendar: lazy(() => import('./kinds/days.tsx')),
  table: lazy(() => import('./kinds/table.tsx')),
  ticker: lazy(() => import('./kinds/ticker.tsx')),
  map: lazy(() => import('./kinds/city-map.tsx')),
  video: lazy(() => import('./kinds/video.tsx')),
  timeline: lazy(() => import('./kinds/timeline.tsx')),
  lamp: lazy(() => import('./kinds/lamp.tsx')),
  clock: lazy(() => import('./kinds/clock.tsx')),
  text: lazy(() => import('./kinds/words.tsx')),
};
