/** One place of the console, and the action that it needs. */
export interface PageEntry {
  path: string;
  key:
    | 'home'
    | 'wall'
    | 'map'
    | 'vitals'
    | 'workbench'
    | 'alarms'
    | 'devices'
    | 'sensing'
    | 'alarmRules'
    | 'escalations'
    | 'intake'
    | 'tasks'
    | 'verify'
    | 'responsibility'
    | 'items'
    | 'calendars'
    | 'people'
    | 'packs'
    | 'audit'
    | 'system';
  /** Any of these lets it show. */
  actions: readonly string[];
}

export const PAGES: readonly PageEntry[] = [
  { path: '/', key: 'home', actions: ['incident.read'] },
  { path: '/wall', key: 'wall', actions: ['screens.read'] },
  { path: '/map', key: 'map', actions: ['geo.read'] },
  { path: '/vitals', key: 'vitals', actions: ['vitals.read', 'vitals.feed'] },
  { path: '/incidents', key: 'workbench', actions: ['incident.read'] },
  { path: '/alarms', key: 'alarms', actions: ['alerting.read'] },
  { path: '/escalations', key: 'escalations', actions: ['incident.dispatch', 'incident.supervise'] },
  { path: '/intake', key: 'intake', actions: ['incident.create'] },
  { path: '/tasks', key: 'tasks', actions: ['incident.handle'] },
  { path: '/verify', key: 'verify', actions: ['incident.verify'] },
  { path: '/devices', key: 'devices', actions: ['sensing.read'] },
  { path: '/responsibility', key: 'responsibility', actions: ['responsibility.read'] },
  { path: '/items', key: 'items', actions: ['catalog.read'] },
  { path: '/calendars', key: 'calendars', actions: ['catalog.read'] },
  { path: '/alarm-rules', key: 'alarmRules', actions: ['alerting.read'] },
  { path: '/people', key: 'people', actions: ['user.edit', 'grant.edit', 'token.edit'] },
  { path: '/packs', key: 'packs', actions: ['pack.read'] },
  { path: '/sensing', key: 'sensing', actions: ['sensing.read'] },
  { path: '/audit', key: 'audit', actions: ['audit.read'] },
  { path: '/system', key: 'system', actions: ['system.read', 'counters.read'] },
];

/** The entry that an address belongs to: its own, or that of the page that it lies under. */
export const pageOf = (pathname: string): PageEntry | undefined =>
  PAGES.find(({ path }) => path === pathname || (path !== '/' && pathname.startsWith(`${path}/`)));

/** Places within a page that are also gone to by name. */
export const PLACES = [
  { path: '/vitals/indicators', key: 'vitalIndicators', of: 'vitals' },
  { path: '/vitals/warnings', key: 'vitalWarnings', of: 'vitals' },
  { path: '/vitals/notices', key: 'vitalNotices', of: 'vitals' },
  { path: '/vitals/report', key: 'vitalReport', of: 'vitals' },
  { path: '/vitals/feeds', key: 'vitalFeeds', of: 'vitals' },
] as const satisfies readonly { path: string; key: string; of: PageEntry['key'] }[];

/** What the person may open, in the order of the menu. */
export function pagesFor(can: (action: string) => boolean): PageEntry[] {
  return PAGES.filter((page) => page.actions.some(can));
}

/** Where a person starts: officers with a queue at the queue, others at the first page they have. */
export function startPage(can: (action: string) => boolean): string {
  const pages = pagesFor(can);
  const has = (key: PageEntry['key']) => pages.find((page) => page.key === key)?.path;
  // Who administers may look at the map and at the city's numbers, but does not come for them.
  const own = pages.filter((page) => page.key !== 'map' && page.key !== 'vitals');
  const rest = own.length > 0 ? own : pages;
  if (can('incident.dispatch')) return has('workbench') ?? '/';
  return (can('incident.supervise') ? has('home') : undefined) ?? has('tasks') ?? rest[0]?.path ?? '/';
}
