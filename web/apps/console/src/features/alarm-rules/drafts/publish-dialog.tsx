import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alarmRuleApi, readRuleDraft, ruleDraftKeys } from '@yiwang/api/alarm-rule-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { instantOf } from '@yiwang/i18n/time.ts';
import { Alert, App, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import type { DraftInHand } from './use-draft.ts';

interface Values {
  from: string;
  note: string;
}

/** Puts a draft in force, at once or from an instant on, with the reason that stands beside the version. */
export function PublishDialog({ draft, onClose }: { draft: DraftInHand; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [, setSearch] = useSearchParams();
  const [form] = Form.useForm<Values>();
  const { seen } = draft;
  const word = (key: string) => t(`rules.publish.${key}`);
  const publish = useMutation({
    mutationFn: ({ from, note }: Values) =>
      alarmRuleApi.publishDraft(seen.id, seen.version, {
        note: note.trim(),
        valid_from: from ? instantOf(from) : undefined,
      }),
    onSuccess: (versions) => {
      const code = versions[0]?.rule.id ?? seen.code;
      void message.success(word('done'));
      void client.invalidateQueries({ queryKey: ['alarm-rules'] });
      void client.invalidateQueries({ queryKey: ruleDraftKeys.lists });
      onClose();
      setSearch({ tab: undefined, draft: undefined, rule: code, version: undefined });
    },
    onError: async () => draft.setTheirs(await changedMeanwhile(seen.id, seen.version)),
  });
  return (
    <Modal
      open
      title={`${t('rules.draft.publish')} · ${seen.code}`}
      okText={t('rules.draft.publish')}
      confirmLoading={publish.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {seen.is_outdated && <Alert type="warning" showIcon title={word('outdated')} />}
      <ProblemNote fault={publish.error} />
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ from: '', note: '' }}
        onFinish={(values) => publish.mutate(values)}
      >
        <Form.Item name="from" label={word('from')} extra={word('fromHint')}>
          <DateField withTime label={word('from')} placeholder={word('atOnce')} />
        </Form.Item>
        <Form.Item
          name="note"
          label={word('note')}
          rules={[{ required: true, whitespace: true, message: word('noteNeeded') }]}
        >
          <Input.TextArea rows={3} maxLength={500} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** The draft, where it is no longer what was seen. */
async function changedMeanwhile(id: string, version: number) {
  const fresh = await readRuleDraft(id).catch(() => undefined);
  return fresh && fresh.version !== version ? fresh : undefined;
}
