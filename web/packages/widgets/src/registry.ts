import type { WidgetKind } from '@yiwang/api/types/screen.ts';
import type { ComponentType } from 'react';
import Bars from './kinds/bars.tsx';
import CityMap from './kinds/city-map.tsx';
import Clock from './kinds/clock.tsx';
import Days from './kinds/days.tsx';
import Gauge from './kinds/gauge.tsx';
import IndexDial from './kinds/index-dial.tsx';
import Kpi from './kinds/kpi.tsx';
import Lamp from './kinds/lamp.tsx';
import Lamps from './kinds/lamps.tsx';
import Pie from './kinds/pie.tsx';
import Rank from './kinds/rank.tsx';
import Sankey from './kinds/sankey.tsx';
import Table from './kinds/table.tsx';
import Ticker from './kinds/ticker.tsx';
import Timeline from './kinds/timeline.tsx';
import Trend from './kinds/trend.tsx';
import Video from './kinds/video.tsx';
import Words from './kinds/words.tsx';
import type { WidgetProps } from './widget.ts';

/** What draws each kind. They are small and come together; the libraries for maps and plots come when they are needed. */
export const COMPONENTS: Record<WidgetKind, ComponentType<WidgetProps>> = {
  index: IndexDial,
  lamps: Lamps,
  kpi: Kpi,
  line: Trend,
  bar: Bars,
  rank: Rank,
  pie: Pie,
  sankey: Sankey,
  gauge: Gauge,
  calendar: Days,
  table: Table,
  ticker: Ticker,
  map: CityMap,
  video: Video,
  timeline: Timeline,
  lamp: Lamp,
  clock: Clock,
  text: Words,
};
