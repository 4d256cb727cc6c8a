import { EPSG_FIRST, EPSG_LAST, type ImportSetting } from '@yiwang/api/types/layer-import.ts';

export const COLUMNS = ['lon', 'lat', 'wkt', 'code', 'name', 'kind', 'state', 'org'] as const;
export type Column = (typeof COLUMNS)[number];

/** How a file is to be read, while it is filled in. */
export interface FileSetting {
  file: File | undefined;
  /** A system's name, or `epsg` with its number. Nothing is chosen for anybody. */
  system: string | undefined;
  epsg: number | null;
  existing: 'refuse' | 'replace';
  owner: string | undefined;
  encoding: string;
  table: string;
  columns: Partial<Record<Column, string>>;
}

export const EMPTY_SETTING: FileSetting = {
  file: undefined,
  system: undefined,
  epsg: null,
  existing: 'refuse',
  owner: undefined,
  encoding: '',
  table: '',
  columns: {},
};

function systemOf({ system, epsg }: FileSetting): string | undefined {
  if (system !== 'epsg') return system;
  return epsg !== null && Number.isInteger(epsg) && epsg >= EPSG_FIRST && epsg <= EPSG_LAST
    ? `EPSG:${epsg}`
    : undefined;
}

/** What is sent with the file; nothing as long as its system is not said. */
export function settingOf(setting: FileSetting): ImportSetting | undefined {
  const system = systemOf(setting);
  if (!system) return undefined;
  const { existing, owner, encoding, table, columns } = setting;
  const words = { ...columns, encoding, table, owner };
  const given = Object.entries(words).flatMap(([key, value]) =>
    value?.trim() ? [[key, value.trim()] as const] : [],
  );
  return { ...Object.fromEntries(given), system, existing };
}
