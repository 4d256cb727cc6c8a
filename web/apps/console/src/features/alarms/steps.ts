import type { AlarmDetail, Explanation } from '@yiwang/api/types/alerting.ts';

const STEPS = new Set(['raised', 'escalated', 'eased']);

/** Each time that the judge set the severity, with the condition and the values of then; the latest last. */
export function stepsOf(alarm: Pick<AlarmDetail, 'explanation' | 'log'>): Explanation[] {
  const steps = alarm.log
    .filter((line) => STEPS.has(line.what) && typeof line.detail?.condition === 'string')
    .sort((a, b) => a.at.localeCompare(b.at))
    .map((line) => line.detail as Explanation);
  return steps.length > 0 ? steps : [alarm.explanation];
}

/** Why it is as severe as it is now. */
export const latestStep = (alarm: Pick<AlarmDetail, 'explanation' | 'log'>): Explanation =>
  stepsOf(alarm).at(-1) ?? alarm.explanation;
