import i18next from 'i18next';
import { fullTime } from './time.ts';

/** As much of a refusal as is put into words: its code, what the server says, and the facts that it gives. */
export interface Refused {
  status: number;
  code: string;
  title: string;
  detail?: string | null;
  fields?: readonly { path: string; code?: string; message: string }[];
  data?: unknown;
}

/** Sentences by the code of the refusal, and the words of single fields; all of them Chinese. */
export interface Sentences {
  refusals: Record<string, string>;
  faults?: Record<string, string>;
  fields?: Record<string, string>;
}

export interface Told {
  text: string;
  /** What is wrong with each field of the refusal, in its order. */
  fields: { name: string; words: string }[];
  /** What the server says, where the words are not its own. */
  said?: string;
}

const SLOT = /\{(\w+)\}/g;
const INSTANT = /^\d{4}-\d\d-\d\dT/;
/** The answer had no problem in it: something before the server gave it. */
const NO_PROBLEM = /^http\.\d+$/;

/**
 * What was refused, in the reader's words. The server speaks English; a reader of English hears the server itself,
 * a reader of Chinese the sentence of the code, or the server where there is none or a fact for it is missing.
 */
export function tell(refused: Refused, sentences: Sentences): Told {
  const server = refused.detail || refused.title;
  const own = (refused.fields ?? []).map(({ path, message }) => ({ name: path, words: message }));
  if (refused.code === 'network') return { text: i18next.t('shell.states.network'), fields: own };
  if (i18next.language === 'en') return { text: server, fields: own };
  const text = NO_PROBLEM.test(refused.code)
    ? `服务器没有正常答复（${refused.status}）。`
    : filled(sentences.refusals[refused.code], refused.data);
  if (!text) return { text: server, fields: own };
  const fields = (refused.fields ?? []).map((one) => fieldWords(one, sentences));
  const said = [server, ...own.map(({ name, words }) => `${name} ${words}`.trim())].join(' · ');
  return { text, fields, said };
}

/** The sentence with its facts, if all are there. */
function filled(sentence: string | undefined, data: unknown): string | undefined {
  const facts = (data ?? {}) as Record<string, unknown>;
  let isWhole = true;
  const text = sentence?.replace(SLOT, (_, name: string) => {
    const fact = facts[name];
    if (fact === undefined || fact === null) isWhole = false;
    return factWords(name, String(fact));
  });
  return isWhole ? text : undefined;
}

const TERMS: Record<string, string> = { status: 'status', task_status: 'taskStatus' };

function factWords(name: string, fact: string): string {
  if (INSTANT.test(fact)) return fullTime(fact);
  const term = `terms.${TERMS[name]}.${fact}`;
  return i18next.exists(term) ? i18next.t(term) : fact;
}

/** The name of a field and what is wrong with it; what the server gave where there are no words. */
function fieldWords(
  { path, code = '', message }: { path: string; code?: string; message: string },
  { refusals, faults = {}, fields = {} }: Sentences,
): { name: string; words: string } {
  const parts = path.split(/[./]/).filter((part) => part && !/^\d+$/.test(part));
  const last = parts.at(-1) ?? '';
  const words = faults[`${last}_${code}`] ?? faults[code] ?? refusals[code] ?? message;
  return { name: fields[last] ?? path, words };
}
