import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usersQuery } from '@yiwang/api/admin-api.ts';
import { incidentApi } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { GRADES } from '@yiwang/api/types/shared.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Checkbox, Input, Radio, Rate, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { useDeferredValue, useState } from 'react';
import { AreaPicker } from '../../../parts/area-picker.tsx';
import { AttachmentField } from '../../../parts/attachment-field.tsx';
import { EvidenceField } from '../../../parts/evidence-field.tsx';
import { ItemPicker } from '../../../parts/item-picker.tsx';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { openStages, pendingRequests, tasksFor } from './body.ts';
import type { Field } from './specs.ts';

interface ControlProps {
  field: Field;
  detail: IncidentDetail;
  id?: string;
  value?: never;
  onChange?: (value: unknown) => void;
  autoFocus?: boolean;
}

/** The control of one field. The form hands it value, onChange and id. */
export function Control({ field, detail, ...bound }: ControlProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  switch (field.kind) {
    case 'text':
      return <Input {...bound} maxLength={200} />;
    case 'duration':
      return <Input {...bound} maxLength={12} placeholder={t('command.hint.duration')} />;
    case 'textarea':
      return <Input.TextArea {...bound} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} />;
    case 'date':
      return <DateField {...bound} />;
    case 'datetime':
      return <DateField {...bound} withTime />;
    case 'item':
      return <ItemPicker {...bound} />;
    case 'area':
      return <AreaPicker {...bound} depth={4} />;
    case 'org':
      return <OrgPicker {...bound} />;
    case 'orgs':
      return <OrgPicker {...bound} multiple />;
    case 'user':
      return <UserPicker {...bound} />;
    case 'incident':
      return <CasePicker {...bound} except={detail.id} />;
    case 'score':
      return <Rate {...bound} />;
    case 'evidence':
      return <EvidenceField {...bound} wanted={field.asked ? detail.evidence : []} />;
    case 'attachments':
      return <AttachmentField {...bound} label={t('command.field.attachments')} />;
    case 'grade':
      return (
        <Select
          {...bound}
          allowClear
          options={GRADES.map((grade) => ({ value: grade, label: term('grade', grade) }))}
        />
      );
    case 'secrecy':
      return (
        <Select
          {...bound}
          allowClear
          options={[1, 2, 3, 4].map((level) => ({ value: level, label: term('secrecy', String(level)) }))}
        />
      );
    case 'select':
      return (
        <Select {...bound} options={field.options.map(([value, words]) => ({ value, label: t(words) }))} />
      );
    case 'yesno':
      return (
        <Radio.Group
          {...bound}
          onChange={(event) => bound.onChange?.(event.target.value)}
          options={[
            { value: true, label: t(`command.choice.${field.yes}`) },
            { value: false, label: t(`command.choice.${field.no}`) },
          ]}
        />
      );
    case 'checks':
      return (
        <Checkbox.Group
          {...bound}
          className="check-lines"
          options={detail.checks[field.list].map((line) => ({
            value: line.code,
            label: `${text(line.text)}${line.required ? ' *' : ''}`,
          }))}
        />
      );
    case 'task':
      return (
        <Select
          {...bound}
          notFoundContent={t('command.hint.noTask')}
          options={tasksFor(field, detail.tasks).map((task) => ({
            value: task.id,
            label: `${text(task.org.name)} · ${term('taskRole', task.role)} · ${term('taskStatus', task.status)}`,
          }))}
        />
      );
    case 'request':
      return (
        <Select
          {...bound}
          options={pendingRequests(detail).map((request) => ({
            value: request.id,
            label: `${term('request', request.kind)}：${request.text}`,
          }))}
        />
      );
    case 'stage':
      return (
        <Select
          {...bound}
          options={openStages(detail.clocks).map((stage) => ({ value: stage.zh, label: text(stage) }))}
        />
      );
    case 'whistle':
      return (
        <Select
          {...bound}
          options={detail.whistles.map((whistle) => ({
            value: whistle.id,
            label: `${term('whistle', whistle.kind)}：${whistle.text}`,
          }))}
        />
      );
  }
}

const TYPED_MIN = 2;

function UserPicker(props: { value?: never; onChange?: (value: unknown) => void; id?: string }) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed);
  const users = useInfiniteQuery({ ...usersQuery({ q }), staleTime: 30_000 });
  const text = useText();
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ onSearch: setTyped, filterOption: false }}
      loading={users.isFetching}
      options={(users.data?.pages.flatMap((page) => page.items) ?? []).map((user) => ({
        value: user.id,
        label: `${user.name} · ${text(user.posts[0]?.org.name)}`,
      }))}
    />
  );
}

interface CasePickerProps {
  value?: never;
  onChange?: (value: unknown) => void;
  id?: string;
  except: string;
}

function CasePicker({ except, ...bound }: CasePickerProps) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const cases = useQuery({
    queryKey: ['case-picker', q],
    queryFn: () => incidentApi.byNumber(q),
    enabled: q.length >= TYPED_MIN,
  });
  return (
    <Select
      {...bound}
      showSearch={{ onSearch: setTyped, filterOption: false }}
      placeholder={t('command.hint.into')}
      loading={cases.isFetching}
      options={(cases.data?.items ?? [])
        .filter((row) => row.id !== except)
        .map((row) => ({ value: row.id, label: `${row.number} ${row.title}` }))}
    />
  );
}
