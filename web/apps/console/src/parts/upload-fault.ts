import { ApiProblem } from '@yiwang/api/client.ts';

const CODES: Record<string, string> = {
  'media.too_large': 'too_large',
  'http.body_too_large': 'too_large',
  'media.too_many_pixels': 'too_many_pixels',
  'media.unsupported': 'unsupported',
  'media.broken': 'broken',
  'media.empty': 'empty',
  'media.busy': 'busy',
  'http.timeout': 'network',
  'store.full': 'full',
  'media.too_many_waiting': 'too_many_waiting',
  network: 'network',
};

export interface UploadFault {
  words: string;
  mib?: number;
}

/** Why a file was not taken: the key of its words, and the bound. */
export function uploadFault(cause: unknown): UploadFault {
  if (!(cause instanceof ApiProblem)) return { words: 'other' };
  const words = CODES[cause.code] ?? 'other';
  const { bytes_max } = (cause.problem.data ?? {}) as { bytes_max?: number };
  return bytes_max ? { words, mib: Math.floor(bytes_max / 2 ** 20) } : { words };
}
