/** Coordinate systems that a file can be in; beside them Gauss-Krüger zones by their EPSG number. */
export const SYSTEMS = ['cgcs2000', 'wgs84', 'gcj02', 'bd09', 'web-mercator'] as const;
export const EPSG_FIRST = 4491;
export const EPSG_LAST = 4554;

/** How a file is to be read. */
export interface ImportSetting {
  system: string;
  encoding?: string;
  table?: string;
  lon?: string;
  lat?: string;
  wkt?: string;
  code?: string;
  name?: string;
  kind?: string;
  state?: string;
  org?: string;
  owner?: string;
  existing: 'refuse' | 'replace';
}

/** What became of a file. */
export interface LayerImport {
  id: string;
  layer: string;
  file_name?: string | null;
  system: string;
  is_rehearsal: boolean;
  at: string;
  by: string;
  records: number;
  drawn: number;
  /** Were so already. */
  same: number;
  wrong: number;
  /** Why not the whole file was read. */
  broken?: string | null;
  notes: string[];
  columns_left_out: string[];
}

export interface WrongRecord {
  /** As it stands in the file, the first is 1. */
  number: number;
  reason: string;
  record?: string | null;
}
