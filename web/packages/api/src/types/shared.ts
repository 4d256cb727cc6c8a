/** Chinese is always there; English where the pack gives it. */
export interface Text {
  zh: string;
  en?: string | null;
}

export interface Position {
  lon: number;
  lat: number;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export type Grade = 'i' | 'ii' | 'iii' | 'iv' | 'v';
export type Light = 'none' | 'green' | 'yellow' | 'orange' | 'red';

export const GRADES: readonly Grade[] = ['i', 'ii', 'iii', 'iv', 'v'];
export const LIGHTS: readonly Light[] = ['red', 'orange', 'yellow', 'green', 'none'];

export type OrgKind = 'city' | 'department' | 'town' | 'village' | 'grid' | 'company';

export interface OrgBrief {
  id: string;
  code: string;
  name: Text;
  kind: OrgKind;
  parent_id?: string | null;
  area?: string | null;
}

/** A unit of the list. */
export interface OrgListed extends OrgBrief {
  /** The name in pinyin, a space between syllables, once for each way in which it is read. */
  pinyin: string[];
}

export interface NameRef {
  id: string;
  name: Text | string;
}

/** RFC 9457; clients match on `code`, never on the words. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  fields?: ProblemField[];
  data?: unknown;
}

export interface ProblemField {
  path: string;
  /** What the field is called; not from the server. */
  name?: string;
  code?: string;
  message: string;
}
