import type { Rule } from '@yiwang/api/types/alerting.ts';

/** The value of a parameter at an instant: the plain number, or the dated one in force then. */
export function parameterOf(rule: Rule, name: string, at: number): number | undefined {
  const given = rule.params?.[name];
  if (typeof given === 'number') return given;
  const within = given?.find(
    ({ from, to }) => (!from || Date.parse(from) <= at) && (!to || at < Date.parse(to)),
  );
  return within?.value;
}

/** Found true among those judged, as a percentage without decimals. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;
