import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { readAll } from './catalog-api.ts';
import { api, type Query } from './client.ts';
import type {
  CreateDevice,
  Device,
  DeviceCredential,
  DeviceSummary,
  Frame,
  ImportOutcome,
  Profile,
  RefusedFrame,
  SensingHealth,
  Series,
  UpdateDevice,
} from './types/sensing.ts';
import type { Page } from './types/shared.ts';

const LIST_PAGE = 100;
const POLL_MS = 5_000;

export const deviceKeys = {
  all: ['devices'] as const,
  lists: ['devices', 'list'] as const,
  map: ['devices', 'map'] as const,
  summary: ['devices', 'summary'] as const,
  one: (id: string) => ['devices', 'one', id] as const,
};

export const devicesQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...deviceKeys.lists, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Device>>('/devices', { ...query, limit: LIST_PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 2 * POLL_MS,
  });

/** All devices of a filter at once, for the map. */
export const devicesOnMapQuery = (query: Query) =>
  queryOptions({
    queryKey: [...deviceKeys.map, query],
    queryFn: ({ signal }) => readAll<Device>('/devices', { ...query, limit: 500 }, signal),
    refetchInterval: 6 * POLL_MS,
  });

/** A few devices that fit what is typed. */
export const devicesPickQuery = (q: string, profile: string | undefined) =>
  queryOptions({
    queryKey: ['devices', 'pick', q, profile],
    queryFn: ({ signal }) => api.get<Page<Device>>('/devices', { q, profile, limit: 20 }, signal),
    staleTime: 60_000,
  });

/** The device of a code; nothing where there is none that one may see. */
export const deviceByCodeQuery = (code: string) =>
  queryOptions({
    queryKey: ['devices', 'code', code],
    queryFn: async ({ signal }) => {
      const page = await api.get<Page<Device>>('/devices', { q: code, limit: 100 }, signal);
      return page.items.find((device) => device.code === code) ?? null;
    },
    staleTime: 60_000,
  });

export const deviceSummaryQuery = queryOptions({
  queryKey: deviceKeys.summary,
  queryFn: ({ signal }) => api.get<DeviceSummary>('/devices/summary', undefined, signal),
  refetchInterval: POLL_MS,
});

export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: deviceKeys.one(id),
    queryFn: ({ signal }) => api.get<Device>(`/devices/${id}`, undefined, signal),
    refetchInterval: POLL_MS,
  });

/** A window of values: fixed ends, or the last `last_ms` before now. */
export type ValuesWindow = { last_ms: number } | { from: string; to: string };

const endsOf = (window: ValuesWindow) =>
  'from' in window ? window : { from: new Date(Date.now() - window.last_ms).toISOString(), to: undefined };

export const deviceValuesQuery = (
  id: string,
  window: ValuesWindow,
  points: number,
  property?: readonly string[],
) =>
  queryOptions({
    queryKey: ['devices', 'values', id, window, points, property],
    queryFn: ({ signal }) =>
      api.get<Series[]>(`/devices/${id}/values`, { ...endsOf(window), points, property }, signal),
    staleTime: POLL_MS,
  });

const TAIL_MS = 2_500;

/** Only the end of a chart that was read before, again and again; not while the page is hidden. */
export const deviceTailQuery = (
  id: string,
  chart: readonly (string | number)[],
  property: readonly string[],
  tail: () => { from: number; points: number } | undefined,
) =>
  queryOptions({
    queryKey: ['devices', 'tail', id, ...chart],
    queryFn: ({ signal }) => {
      const asked = tail();
      // Nothing was seen yet: whatever comes first is new.
      const { from, points } = asked ?? { from: Date.now() - 60 * 60_000, points: 2_000 };
      return api.get<Series[]>(
        `/devices/${id}/values`,
        { from: new Date(from).toISOString(), points, property },
        signal,
      );
    },
    staleTime: 0,
    gcTime: 0,
    refetchInterval: TAIL_MS,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
  });

export const deviceFramesQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'frames', id],
    queryFn: ({ signal }) => api.get<Frame[]>(`/devices/${id}/frames`, undefined, signal),
    refetchInterval: POLL_MS,
  });

export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: ({ signal }) => api.get<Profile[]>('/profiles', undefined, signal),
  staleTime: 10 * 60_000,
});

export const sensingHealthQuery = queryOptions({
  queryKey: ['sensing', 'health'],
  queryFn: ({ signal }) => api.get<SensingHealth>('/sensing/health', undefined, signal),
  refetchInterval: POLL_MS,
});

export const sensingRefusalsQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['sensing', 'refusals', query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<RefusedFrame>>(
        '/sensing/refusals',
        { ...query, limit: LIST_PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 2 * POLL_MS,
  });

export const deviceApi = {
  create: (body: CreateDevice, idempotencyKey: string) =>
    api.post<Device>('/devices', body, { idempotencyKey }),
  update: (id: string, version: number, body: UpdateDevice) =>
    api.patch<Device>(`/devices/${id}`, body, { ifMatch: version }),
  /** All of them or none; `rehearse` only says what would happen. */
  importAll: (devices: CreateDevice[], rehearse: boolean) =>
    api.post<ImportOutcome>('/devices/import', { devices, rehearse }),
  setCertificate: (id: string, pem: string) => api.post<Device>(`/devices/${id}/certificate`, { pem }),
  issueToken: (id: string) => api.post<DeviceCredential>(`/devices/${id}/token`),
  revoke: (id: string) => api.delete<Device>(`/devices/${id}/credentials`),
};
