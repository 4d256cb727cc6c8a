import { API, ApiProblem, queryString, signedOut } from './client.ts';
import type { MediaView } from './types/media.ts';
import type { Problem } from './types/shared.ts';

/** What a file picker offers; what a file is, the server tells from its bytes. */
export const MEDIA_ACCEPT = 'image/jpeg,image/png,image/webp,video/mp4,application/pdf';

/** Where a file is, or a small picture of it. */
export const mediaUrl = (id: string, size?: 'thumb' | 'view'): string =>
  `${API}/media/${id}${size ? `?size=${size}` : ''}`;

/** Sends a file in. `fetch` cannot tell how much has gone, so this is the older way. */
export function uploadMedia(file: File, onPart: (part: number) => void): Promise<MediaView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${API}/media${queryString({ name: file.name })}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-Yiwang-Csrf', '1');
    request.upload.onprogress = ({ loaded, total }) => onPart(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as MediaView);
      if (request.status === 401) signedOut();
      reject(new ApiProblem(problemOf(request)));
    };
    request.onerror = () => reject(new ApiProblem({ title: 'network', status: 0, code: 'network' }));
    request.send(file);
  });
}

function problemOf({ status, statusText, responseText }: XMLHttpRequest): Problem {
  const fallback: Problem = { title: statusText, status, code: `http.${status}` };
  try {
    return { ...fallback, ...(JSON.parse(responseText) as Partial<Problem>), status };
  } catch {
    return fallback;
  }
}
