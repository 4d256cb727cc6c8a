import type { CommandParameter, ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { isUnbounded } from './send-form.ts';

/** How commands, their parameters and times are said. */
export function useCommandWords() {
  const t = useT();
  const text = useText();
  const range = ({ min, max }: Pick<CommandParameter, 'min' | 'max'>): string => {
    if (min == null) return t('devices.command.atMost', { max });
    return max == null ? t('devices.command.atLeast', { min }) : t('devices.command.between', { min, max });
  };
  return {
    range,
    /** What goes with a command, for a list: each name with its range. */
    asked: ({ parameters = [] }: ProfileCommand): string =>
      parameters
        .map((one) => (isUnbounded(one) ? text(one.name) : `${text(one.name)} ${range(one)}`))
        .join(t('devices.command.comma')) || t('devices.command.noParameters'),
    /** What was given; by code where the profile does not know it any more. */
    given: (parameters: Record<string, number>, command: ProfileCommand | undefined): string =>
      Object.entries(parameters)
        .map(([code, value]) => {
          const known = command?.parameters?.find((one) => one.code === code);
          return `${known ? text(known.name) : code} = ${value}`;
        })
        .join(t('devices.command.comma')),
    /** Seconds as somebody would say them, where they are a whole number of something longer. */
    seconds: (seconds: number): string => {
      if (seconds >= 3_600 && seconds % 3_600 === 0)
        return t('devices.command.hours', { n: seconds / 3_600 });
      if (seconds > 60 && seconds % 60 === 0) return t('devices.command.minutes', { n: seconds / 60 });
      return t('devices.command.seconds', { n: seconds });
    },
  };
}
