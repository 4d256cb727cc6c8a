import { ApiProblem } from '@yiwang/api/client.ts';
import type { ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { useKnown, useT, useText } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';

const SERVER_FAULT = 500;

/** Whether it is not known if the command went out: there was no answer, or none that says. */
export const isUncertain = (fault: unknown): boolean =>
  !(fault instanceof ApiProblem) || fault.status === 0 || fault.status >= SERVER_FAULT;

/** Why a command was not sent, or that nobody knows whether it was. */
export function CommandFault({ fault, command }: { fault: unknown; command: ProfileCommand }) {
  const t = useT();
  const text = useText();
  const known = useKnown();
  if (isUncertain(fault)) {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('devices.command.uncertain')}
        description={t('devices.command.uncertainHint')}
      />
    );
  }
  const { problem, code, message } = fault as ApiProblem;
  const short = code.replace('sensing.', '');
  const words = known('devices.command.problem', short);
  const fields = (problem.fields ?? []).map((field) => {
    const [, list, name] = field.path.split('/');
    const parameter = list === 'parameters' && command.parameters?.find((one) => one.code === name);
    const fallback = `${field.path} ${field.message || field.code || ''}`;
    const plain = known('devices.command.fault', field.code ?? '');
    const told = plain === field.code ? fallback : plain;
    return parameter ? t('devices.faultOf', { field: text(parameter.name), words: told }) : told;
  });
  return (
    <Alert
      type="error"
      showIcon
      title={t('devices.command.notSent')}
      description={
        fields.length > 0
          ? fields.map((one) => <div key={one}>{one}</div>)
          : words === short
            ? message
            : words
      }
    />
  );
}
