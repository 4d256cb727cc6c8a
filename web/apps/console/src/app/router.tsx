import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { ErrorPage, NotFoundPage } from './error-page.tsx';
import { Shell } from './shell.tsx';

export type Search = Record<string, string | undefined>;

const strings = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([key, value]) => [key, String(value)]),
  );

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const page = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, validateSearch: strings, component });

const routes = [
  page(
    '/',
    lazyRouteComponent(() => import('../features/home/home-page.tsx')),
  ),
  page(
    '/map',
    lazyRouteComponent(() => import('../features/map/map-page.tsx')),
  ),
  page(
    '/vitals',
    lazyRouteComponent(() => import('../features/vitals/overview-page.tsx')),
  ),
  page(
    '/vitals/indicators',
    lazyRouteComponent(() => import('../features/vitals/indicators-page.tsx')),
  ),
  page(
    '/vitals/indicators/$code',
    lazyRouteComponent(() => import('../features/vitals/indicator-page.tsx')),
  ),
  page(
    '/vitals/warnings',
    lazyRouteComponent(() => import('../features/vitals/early/warnings-page.tsx')),
  ),
  page(
    '/vitals/notices',
    lazyRouteComponent(() => import('../features/vitals/notices-page.tsx')),
  ),
  page(
    '/vitals/report',
    lazyRouteComponent(() => import('../features/vitals/report/report-page.tsx')),
  ),
  page(
    '/vitals/feeds',
    lazyRouteComponent(() => import('../features/vitals/feeds-page.tsx')),
  ),
  page(
    '/incidents',
    lazyRouteComponent(() => import('../features/incident/workbench-page.tsx')),
  ),
  page(
    '/alarms',
    lazyRouteComponent(() => import('../features/alarms/alarms-page.tsx')),
  ),
  page(
    '/escalations',
    lazyRouteComponent(() => import('../features/escalations/escalations-page.tsx')),
  ),
  page(
    '/intake',
    lazyRouteComponent(() => import('../features/intake/intake-page.tsx')),
  ),
  page(
    '/tasks',
    lazyRouteComponent(() => import('../features/incident/inbox-page.tsx')),
  ),
  page(
    '/verify',
    lazyRouteComponent(() => import('../features/incident/verify-page.tsx')),
  ),
  page(
    '/devices',
    lazyRouteComponent(() => import('../features/devices/devices-page.tsx')),
  ),
  page(
    '/responsibility',
    lazyRouteComponent(() => import('../features/responsibility/responsibility-page.tsx')),
  ),
  page(
    '/items',
    lazyRouteComponent(() => import('../features/items/items-page.tsx')),
  ),
  page(
    '/calendars',
    lazyRouteComponent(() => import('../features/calendars/calendars-page.tsx')),
  ),
  page(
    '/alarm-rules',
    lazyRouteComponent(() => import('../features/alarm-rules/alarm-rules-page.tsx')),
  ),
  page(
    '/packs',
    lazyRouteComponent(() => import('../features/packs/packs-page.tsx')),
  ),
  page(
    '/people',
    lazyRouteComponent(() => import('../features/people/people-page.tsx')),
  ),
  page(
    '/sensing',
    lazyRouteComponent(() => import('../features/sensing/sensing-page.tsx')),
  ),
  page(
    '/audit',
    lazyRouteComponent(() => import('../features/audit/audit-page.tsx')),
  ),
  page(
    '/system',
    lazyRouteComponent(() => import('../features/system/system-page.tsx')),
  ),
  page(
    '/wall',
    lazyRouteComponent(() => import('../features/wall/wall-page.tsx')),
  ),
  page(
    '/wall/$code',
    lazyRouteComponent(() => import('../features/wall/wall-page.tsx')),
  ),
  page(
    '/wall/$code/edit',
    lazyRouteComponent(() => import('../features/wall/edit/editor-page.tsx')),
  ),
  page(
    '/password',
    lazyRouteComponent(() => import('../features/sign-in/password-page.tsx')),
  ),
];

// Plain `key=value` addresses that people can read, write and send.
const parseSearch = (text: string) => Object.fromEntries(new URLSearchParams(text));
const stringifySearch = (search: Record<string, unknown>) => {
  const text = new URLSearchParams(strings(search) as Record<string, string>).toString();
  return text ? `?${text}` : '';
};

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: ErrorPage,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
