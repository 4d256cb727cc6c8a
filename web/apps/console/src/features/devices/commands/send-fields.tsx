import type { CommandParameter, ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button, Form, type FormInstance, Input } from '@yiwang/ui/controls.ts';
import {
  isUnbounded,
  type NumberFault,
  numberFault,
  type SendValues,
  WITHIN_PRESETS,
  WITHIN_SECONDS_MAX,
  withinFault,
} from './send-form.ts';
import { useCommandWords } from './use-command-words.ts';

/** A field for each parameter, and for how long an answer is waited. */
export function SendFields({ form, command }: { form: FormInstance<SendValues>; command: ProfileCommand }) {
  const t = useT();
  const words = useCommandWords();
  const rule = useRule();
  const label = t('devices.command.within');
  return (
    <>
      {(command.parameters ?? []).map((parameter) => (
        <ParameterField key={parameter.code} parameter={parameter} />
      ))}
      <Form.Item
        name="within"
        label={label}
        extra={t('devices.command.withinHint')}
        rules={[rule(label, { min: 1, max: WITHIN_SECONDS_MAX }, withinFault)]}
      >
        <Input inputMode="numeric" autoComplete="off" suffix={t('devices.form.secondsUnit')} maxLength={12} />
      </Form.Item>
      <div className="toolbar send-presets">
        {WITHIN_PRESETS.map((seconds) => (
          <Button
            key={seconds}
            size="small"
            onClick={() => {
              form.setFieldValue('within', String(seconds));
              void form.validateFields(['within']).catch(() => undefined);
            }}
          >
            {words.seconds(seconds)}
          </Button>
        ))}
      </div>
    </>
  );
}

function ParameterField({ parameter }: { parameter: CommandParameter }) {
  const text = useText();
  const words = useCommandWords();
  const rule = useRule();
  const label = text(parameter.name);
  return (
    <Form.Item
      name={['parameters', parameter.code]}
      label={label}
      required
      extra={isUnbounded(parameter) ? undefined : words.range(parameter)}
      rules={[rule(label, parameter, (given) => numberFault(parameter, given))]}
    >
      {/* Not the library's number field: that one quietly turns what does not fit into what does. */}
      <Input inputMode="decimal" autoComplete="off" className="yw-mono" maxLength={32} />
    </Form.Item>
  );
}

/** A rule of a field that says in words what is wrong with it. */
function useRule() {
  const t = useT();
  const words = useCommandWords();
  return (
    field: string,
    range: Pick<CommandParameter, 'min' | 'max'>,
    faultOf: (text: string | undefined) => NumberFault | undefined,
  ) => ({
    validator: async (_: unknown, given: string | undefined) => {
      const fault = faultOf(given);
      if (fault)
        throw new Error(
          t(`devices.command.wrong.${fault}`, { field, range: isUnbounded(range) ? '' : words.range(range) }),
        );
    },
  });
}
