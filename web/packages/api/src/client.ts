import type { Problem, ProblemField } from './types/shared.ts';

/** A problem in the reader's words: the sentence, what is wrong with each field, and what the server says itself. */
export interface Told {
  text: string;
  fields: { name: string; words: string }[];
  said?: string;
}

let tellProblem: ((problem: Problem) => Told) | undefined;

/** Gives problems the reader's words; without them the server's stand. */
export function tellProblems(teller: (problem: Problem) => Told): void {
  tellProblem = teller;
}

/**
 * What the server refused, or that it could not be reached (`code` is then `network`). The message and those of the
 * fields are in the reader's words.
 */
export class ApiProblem extends Error {
  readonly problem: Problem;
  /** What the server says itself, where the message is not that. */
  readonly said: string | undefined;

  constructor(problem: Problem) {
    const told = tellProblem?.(problem);
    super(told?.text ?? (problem.detail || problem.title));
    this.name = 'ApiProblem';
    this.said = told?.said;
    this.problem = told ? { ...problem, ...inWords(problem, told) } : problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

function inWords({ fields }: Problem, told: Told): { fields?: ProblemField[] } {
  if (!fields) return {};
  return {
    fields: fields.map((field, at) => {
      const { name = field.path, words = field.message } = told.fields[at] ?? {};
      return { ...field, name, message: words };
    }),
  };
}

export type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

export interface Call {
  query?: Query;
  body?: unknown;
  /** Bytes that are sent as they are. */
  file?: Blob;
  ifMatch?: number;
  /** One key per intent: sending twice does it once. */
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

export const API = '/api/v1';

let onUnauthenticated: () => void = () => undefined;

/** Called whenever a call is answered 401, so that the page can ask to sign in again. */
export function whenUnauthenticated(handler: () => void): void {
  onUnauthenticated = handler;
}

/** Says that a call was answered 401. */
export const signedOut = (): void => onUnauthenticated();

export function queryString(query: Query | undefined): string {
  if (!query) return '';
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) for (const one of value) params.append(key, one);
    else params.append(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** A fresh key for one intent. `randomUUID` exists in secure contexts only, so it is built from random bytes. */
export function intentKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function toProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText,
    status: response.status,
    code: `http.${response.status}`,
  };
  try {
    const body = (await response.json()) as Partial<Problem>;
    return { ...fallback, ...body, status: response.status };
  } catch {
    return fallback;
  }
}

function headersOf(method: string, call: Call): Headers {
  const headers = new Headers({ Accept: 'application/json' });
  if (call.body !== undefined) headers.set('Content-Type', 'application/json');
  if (call.file) headers.set('Content-Type', 'application/octet-stream');
  if (method !== 'GET') headers.set('X-Yiwang-Csrf', '1');
  if (call.idempotencyKey) headers.set('Idempotency-Key', call.idempotencyKey);
  if (call.ifMatch !== undefined) headers.set('If-Match', `"${call.ifMatch}"`);
  return headers;
}

async function answerOf(method: string, path: string, call: Call): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${API}${path}${queryString(call.query)}`, {
      method,
      headers: headersOf(method, call),
      credentials: 'same-origin',
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.file ? { body: call.file } : {}),
      ...(call.signal ? { signal: call.signal } : {}),
    });
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw new ApiProblem({ title: 'network', status: 0, code: 'network' });
  }
  if (!response.ok) {
    const problem = await toProblem(response);
    if (response.status === 401 && path !== '/sessions') onUnauthenticated();
    throw new ApiProblem(problem);
  }
  return response;
}

async function send<T>(method: string, path: string, call: Call = {}): Promise<T> {
  const response = await answerOf(method, path, call);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    send<T>('GET', path, { ...(query ? { query } : {}), signal }),
  /** What is not JSON, with what its headers say. */
  bytes: async (path: string, query?: Query, signal?: AbortSignal) => {
    const response = await answerOf('GET', path, { ...(query ? { query } : {}), signal });
    return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
  },
  post: <T>(path: string, body?: unknown, call: Call = {}) =>
    send<T>('POST', path, { ...call, ...(body === undefined ? {} : { body }) }),
  postFile: <T>(path: string, file: Blob, query: Query) => send<T>('POST', path, { file, query }),
  put: <T>(path: string, body: unknown, call: Call = {}) => send<T>('PUT', path, { ...call, body }),
  patch: <T>(path: string, body: unknown, call: Call = {}) => send<T>('PATCH', path, { ...call, body }),
  delete: <T>(path: string, call: Call = {}) => send<T>('DELETE', path, call),
};
