import type { Text } from './shared.ts';

export interface PackView {
  id: string;
  installed?: InstalledPack | null;
  on_shelf: boolean;
}

export interface InstalledPack {
  version: string;
  title: Text;
  requires: string[];
  hash: string;
  installed_at: string;
  installed_by: string;
}

export interface PackDetail extends InstalledPack {
  id: string;
  /** Entries of each section. */
  sections: Record<string, number>;
}

export interface PackFinding {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  code: string;
  message: string;
  hint?: string | null;
}

export interface PackCheck {
  id: string;
  version: string;
  is_installable: boolean;
  findings: PackFinding[];
}

export interface PackDiff {
  id: string;
  installed?: string | null;
  given: string;
  sections: SectionDiff[];
}

export interface SectionDiff {
  section: string;
  added: string[];
  changed: { key: string; fields: { field: string; before: unknown; after: unknown }[] }[];
  removed: string[];
  unchanged: number;
}
