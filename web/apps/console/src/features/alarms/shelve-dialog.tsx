import { alarmApi } from '@yiwang/api/alerting-api.ts';
import type { AlarmDetail } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil, instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Button, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { ActionFault } from './action-fault.tsx';
import { useAlarmAction } from './use-alarm-action.ts';

interface Values {
  until: string;
  reason: string;
}

const HOUR_MS = 3_600_000;
const HOURS = [1, 4, 12] as const;
const tomorrow = () => `${civil(Date.now() + 24 * HOUR_MS).date}T08:00`;

/** Hearing nothing of an alarm until a time, with a reason that stands in its log. */
export function ShelveDialog({ alarm, onClose }: { alarm: AlarmDetail; onClose: () => void }) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const act = useAlarmAction(onClose);
  const word = (key: string, values?: Record<string, unknown>) => t(`alerting.act.${key}`, values);
  const choose = (until: string) => form.setFieldValue('until', until);
  return (
    <Modal
      open
      title={word('shelve')}
      okText={word('shelve')}
      confirmLoading={act.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {act.error && <ActionFault fault={act.error} />}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ until: localOf(Date.now() + HOUR_MS), reason: '' }}
        onFinish={({ until, reason }) =>
          act.mutate({
            alarm,
            what: 'shelve',
            send: (one) => alarmApi.shelve(one.id, one.version, { until: instantOf(until), reason }),
          })
        }
      >
        <Form.Item
          name="until"
          label={word('until')}
          extra={word('untilHint')}
          rules={[
            {
              validator: async (_, until: string) => {
                if (!until || Date.parse(instantOf(until)) <= Date.now())
                  throw new Error(word('untilNeeded'));
              },
            },
          ]}
        >
          <DateField withTime label={word('until')} />
        </Form.Item>
        <div className="toolbar shelve-presets">
          {HOURS.map((count) => (
            <Button key={count} size="small" onClick={() => choose(localOf(Date.now() + count * HOUR_MS))}>
              {word('hours', { count })}
            </Button>
          ))}
          <Button size="small" onClick={() => choose(tomorrow())}>
            {word('tomorrow')}
          </Button>
        </div>
        <Form.Item
          name="reason"
          label={word('reason')}
          rules={[{ required: true, whitespace: true, message: word('reasonNeeded') }]}
        >
          <Input.TextArea rows={2} maxLength={500} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
