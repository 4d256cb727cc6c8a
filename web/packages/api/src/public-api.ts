import { API, api, queryString } from './client.ts';
import type { MediaKind } from './types/media.ts';
import type { Text } from './types/shared.ts';

/** What a citizen may see of a case. */
export interface PublicStatus {
  number: string;
  title: string;
  stage_text: Text;
  unit?: Text | null;
  steps: { text: Text; at: string }[];
  answer: string;
  /** What the citizen sent with the report. */
  media: { id: string; kind: MediaKind; name: string }[];
  can_rate: boolean;
  can_reopen: boolean;
}

const at = (number: string) => `/public/incidents/${encodeURIComponent(number)}`;

export const publicApi = {
  mediaUrl: (number: string, code: string, id: string, size?: 'thumb') =>
    `${API}${at(number)}/media/${id}${queryString({ code, size })}`,
  status: (number: string, code: string) => api.get<PublicStatus>(at(number), { code }),
  rate: (number: string, code: string, score: number, solved: boolean, text: string) =>
    api.post<unknown>(`${at(number)}/rating`, { code, score, solved, text }),
  reopen: (number: string, code: string, reason: string) =>
    api.post<unknown>(`${at(number)}/reopen`, { code, reason }),
};
