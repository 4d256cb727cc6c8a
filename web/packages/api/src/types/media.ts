import type { Position } from './shared.ts';

export type MediaKind = 'jpeg' | 'png' | 'webp' | 'mp4' | 'pdf';

export interface Doubt {
  kind: 'before_task' | 'same_file' | 'used_elsewhere' | 'apart';
  metres?: number | null;
}

/** A file of evidence. */
export interface MediaView {
  id: string;
  kind: MediaKind;
  content_type: string;
  name: string;
  bytes: number;
  sha256: string;
  width?: number | null;
  height?: number | null;
  taken_at?: string | null;
  position?: Position | null;
  uploader: string;
  from_citizen: boolean;
  at: string;
  incident_id?: string | null;
  doubts: Doubt[];
}

export const isPicture = (kind: MediaKind): boolean => kind === 'jpeg' || kind === 'png' || kind === 'webp';
