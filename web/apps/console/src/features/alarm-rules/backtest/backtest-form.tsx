import type { BacktestRequest } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Button, Form, Input, InputNumber, Segmented } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { DevicePicker } from '../../../parts/device-picker.tsx';
import { ItemPicker } from '../../../parts/item-picker.tsx';
import { labelsOf } from './labels.ts';

type Asked = Omit<BacktestRequest, 'entry' | 'rule' | 'version'>;

interface Values {
  devices: string[];
  from: string;
  to: string;
  against: 'nothing' | 'cases' | 'labels';
  item?: string;
  metres: number;
  before: number;
  after: number;
  labels: string;
}

const DAY_MS = 86_400_000;
const DAYS_MAX = 92;
const AGAINST = ['nothing', 'cases', 'labels'] as const;
const SPANS = [1, 7, 30, 92] as const;

const compareOf = (values: Values): Asked['compare'] => {
  if (values.against === 'labels') return { labels: labelsOf(values.labels).labels };
  if (values.against !== 'cases' || !values.item) return undefined;
  const { item, metres, before, after } = values;
  return { cases: { item, metres, before_minutes: before, after_minutes: after } };
};

interface FormProps {
  profile: string;
  isRunning: boolean;
  onRun: (asked: Asked) => void;
}

/** On which devices, over which time, held against what. */
export function BacktestForm({ profile, isRunning, onRun }: FormProps) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const against = Form.useWatch('against', form) ?? 'nothing';
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.backtest.${key}`, values);
  const last = (days: number) =>
    form.setFieldsValue({ from: localOf(Date.now() - days * DAY_MS), to: localOf(Date.now()) });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className="backtest-form"
      initialValues={{
        devices: [],
        from: localOf(Date.now() - 7 * DAY_MS),
        to: localOf(Date.now()),
        against: 'nothing',
        metres: 500,
        before: 120,
        after: 120,
        labels: '',
      }}
      onFinish={(values) =>
        onRun({
          devices: values.devices,
          from: instantOf(values.from),
          to: instantOf(values.to),
          compare: compareOf(values),
        })
      }
    >
      <Form.Item name="devices" label={word('devices')}>
        <DevicePicker
          label={word('devices')}
          profile={profile || undefined}
          placeholder={word('allDevices')}
        />
      </Form.Item>
      <div className="backtest-dates">
        <Form.Item name="from" label={word('from')} rules={[{ required: true, message: word('timeNeeded') }]}>
          <DateField withTime label={word('from')} allowClear={false} />
        </Form.Item>
        <Form.Item
          name="to"
          label={word('to')}
          dependencies={['from']}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_, to: string) => {
                const span = Date.parse(instantOf(to)) - Date.parse(instantOf(getFieldValue('from')));
                if (!(span > 0) || span > DAYS_MAX * DAY_MS)
                  throw new Error(word('spanWrong', { days: DAYS_MAX }));
              },
            }),
          ]}
        >
          <DateField withTime label={word('to')} allowClear={false} />
        </Form.Item>
      </div>
      <div className="toolbar backtest-spans">
        {SPANS.map((count) => (
          <Button key={count} size="small" onClick={() => last(count)}>
            {word('lastDays', { count })}
          </Button>
        ))}
      </div>
      <Form.Item name="against" label={word('against')}>
        <Segmented options={AGAINST.map((one) => ({ value: one, label: word(`compare.${one}`) }))} />
      </Form.Item>
      {against === 'cases' && <CaseFields />}
      {against === 'labels' && <LabelField />}
      <Button type="primary" htmlType="submit" loading={isRunning}>
        {word('run')}
      </Button>
    </Form>
  );
}

function CaseFields() {
  const t = useT();
  const word = (key: string) => t(`rules.backtest.${key}`);
  return (
    <>
      <Form.Item name="item" label={word('item')} rules={[{ required: true, message: word('itemNeeded') }]}>
        <ItemPicker label={word('item')} leavesOnly={false} />
      </Form.Item>
      <div className="backtest-pair">
        {(['metres', 'before', 'after'] as const).map((name) => (
          <Form.Item key={name} name={name} label={word(name)} rules={[{ required: true }]}>
            <InputNumber min={0} max={100_000} aria-label={word(name)} style={{ width: '100%' }} />
          </Form.Item>
        ))}
      </div>
    </>
  );
}

function LabelField() {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.backtest.${key}`, values);
  return (
    <Form.Item
      name="labels"
      label={word('labels')}
      extra={word('labelsHint')}
      rules={[
        {
          validator: async (_, text: string) => {
            const { labels, faults } = labelsOf(text);
            const said = faults.map(({ line, what }) => word(`labelFault.${what}`, { line }));
            if (said.length > 0) throw new Error(said.join('；'));
            if (labels.length === 0) throw new Error(word('labelsNeeded'));
          },
        },
      ]}
    >
      <Input.TextArea rows={5} className="yw-mono" placeholder="JS-001, 2026-11-20 08:00, 2026-11-20 09:30" />
    </Form.Item>
  );
}
