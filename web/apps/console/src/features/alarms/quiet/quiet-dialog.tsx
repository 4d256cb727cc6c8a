import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { alarmKeys, alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { intentKey } from '@yiwang/api/client.ts';
import { type QuietKind, quietApi, quietKeys } from '@yiwang/api/quiet-api.ts';
import type { WindowTarget } from '@yiwang/api/types/quiet.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Alert, App, Form, Input, Modal, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { useRef, useState } from 'react';
import { AreasPicker } from '../../../parts/areas-picker.tsx';
import { DevicePicker } from '../../../parts/device-picker.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { targetOf } from './target.ts';

interface Values extends Required<WindowTarget> {
  starts: string;
  ends: string;
  reason: string;
}

const HOUR_MS = 3_600_000;
const DAYS_MAX: Record<QuietKind, number> = { maintenance: 180, shelf: 30 };

/** What is kept quiet, from when until when, and why; at least one thing is named. */
export function QuietDialog({ kind, onClose }: { kind: QuietKind; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [isAimless, setAimless] = useState(false);
  const key = useRef(intentKey());
  const word = (name: string, values?: Record<string, unknown>) => t(`quiet.form.${name}`, values);
  const isShelf = kind === 'shelf';
  const make = useMutation({
    mutationFn: ({ target, starts, ends, reason }: { target: WindowTarget } & Values) =>
      isShelf
        ? quietApi.createShelf({ target, until: instantOf(ends), reason: reason.trim() }, key.current)
        : quietApi.createWindow(
            { target, starts_at: instantOf(starts), ends_at: instantOf(ends), reason: reason.trim() },
            key.current,
          ),
    onSuccess: () => {
      void message.success(word('done'));
      void client.invalidateQueries({ queryKey: quietKeys.lists(kind) });
      void client.invalidateQueries({ queryKey: alarmKeys.all });
      onClose();
    },
    onError: () => {
      key.current = intentKey();
    },
  });
  const submit = (values: Values) => {
    const target = targetOf(values);
    setAimless(!target);
    if (target) make.mutate({ ...values, target });
  };
  return (
    <Modal
      open
      width={620}
      title={t(`quiet.${kind}.make`)}
      okText={t(`quiet.${kind}.make`)}
      confirmLoading={make.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {isAimless && <Alert type="error" showIcon title={word('targetNeeded')} />}
      <ProblemNote fault={make.error} />
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          devices: [],
          groups: [],
          areas: [],
          rules: [],
          starts: localOf(Date.now()),
          ends: localOf(Date.now() + 4 * HOUR_MS),
          reason: '',
        }}
        onFinish={submit}
      >
        <p className="yw-dim">{word('targetHint')}</p>
        <TargetFields />
        {!isShelf && (
          <Form.Item
            name="starts"
            label={word('starts')}
            rules={[{ required: true, message: word('timeNeeded') }]}
          >
            <DateField withTime label={word('starts')} allowClear={false} />
          </Form.Item>
        )}
        <Form.Item
          name="ends"
          label={word('ends')}
          extra={word('endsHint', { days: DAYS_MAX[kind] })}
          rules={[
            {
              validator: async (_, ends: string) => {
                if (!ends || Date.parse(instantOf(ends)) <= Date.now()) throw new Error(word('endsWrong'));
              },
            },
          ]}
        >
          <DateField withTime label={word('ends')} allowClear={false} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={word('reason')}
          rules={[{ required: true, whitespace: true, message: word('reasonNeeded') }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function TargetFields() {
  const t = useT();
  const text = useText();
  const { data: rules = [] } = useQuery(alarmRulesQuery);
  const word = (name: string) => t(`quiet.target.${name}`);
  return (
    <>
      <Form.Item name="devices" label={word('devices')}>
        <DevicePicker label={word('devices')} />
      </Form.Item>
      <Form.Item name="areas" label={word('areas')}>
        <AreasPicker label={word('areas')} placeholder={t('quiet.form.any')} />
      </Form.Item>
      <Form.Item name="rules" label={word('rules')}>
        <Select
          mode="multiple"
          allowClear
          aria-label={word('rules')}
          placeholder={t('quiet.form.any')}
          showSearch={{ optionFilterProp: 'label' }}
          options={rules.map(({ rule }) => ({ value: rule.id, label: `${text(rule.name)} ${rule.id}` }))}
        />
      </Form.Item>
      <Form.Item name="groups" label={word('groups')}>
        <Select
          mode="tags"
          allowClear
          aria-label={word('groups')}
          placeholder={t('quiet.form.groupsHint')}
          tokenSeparators={[',', '，', ' ']}
          open={false}
          suffixIcon={null}
        />
      </Form.Item>
    </>
  );
}
