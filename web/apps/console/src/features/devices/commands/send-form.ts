import type { CommandParameter, ProfileCommand, SendCommand } from '@yiwang/api/types/device-command.ts';

/** What the form holds: numbers as they were typed. */
export interface SendValues {
  parameters?: Record<string, string | undefined>;
  within: string;
}

export const WITHIN_SECONDS = 60;
export const WITHIN_SECONDS_MAX = 86_400;
export const WITHIN_PRESETS = [30, 60, 600, 3_600] as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A number as somebody types it, full-width digits included; nothing where it is none. */
export function readNumber(text: string | undefined): number | undefined {
  const plain = (text ?? '').normalize('NFKC').replace('−', '-').trim();
  return NUMBER.test(plain) ? Number(plain) : undefined;
}

export type NumberFault = 'missing' | 'not_a_number' | 'out_of_range' | 'not_whole';

type Range = Pick<CommandParameter, 'min' | 'max'>;

/** Is the range open on both sides? Then nothing needs to be said of it. */
export const isUnbounded = ({ min, max }: Range): boolean => min == null && max == null;

export function numberFault(range: Range, text: string | undefined): NumberFault | undefined {
  if ((text ?? '').trim() === '') return 'missing';
  const value = readNumber(text);
  if (value === undefined) return 'not_a_number';
  const isWithin =
    value >= (range.min ?? Number.NEGATIVE_INFINITY) && value <= (range.max ?? Number.POSITIVE_INFINITY);
  return isWithin ? undefined : 'out_of_range';
}

/** Of the time for which an answer is waited: whole seconds, at most a day. */
export function withinFault(text: string | undefined): NumberFault | undefined {
  const fault = numberFault({ min: 1, max: WITHIN_SECONDS_MAX }, text);
  return fault ?? (Number.isInteger(readNumber(text)) ? undefined : 'not_whole');
}

/** What is sent; nothing while a value has a fault. */
export function sendBody(command: ProfileCommand, values: SendValues): SendCommand | undefined {
  const parameters: Record<string, number> = {};
  for (const parameter of command.parameters ?? []) {
    const text = values.parameters?.[parameter.code];
    const value = readNumber(text);
    if (value === undefined || numberFault(parameter, text)) return undefined;
    parameters[parameter.code] = value;
  }
  const within = readNumber(values.within);
  if (within === undefined || withinFault(values.within)) return undefined;
  return { command: command.code, parameters, answer_within_seconds: within };
}
