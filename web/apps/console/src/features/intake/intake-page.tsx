import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { locateQuery } from '@yiwang/api/catalog-api.ts';
import { ApiProblem, intentKey } from '@yiwang/api/client.ts';
import { incidentApi, incidentKeys } from '@yiwang/api/incident-api.ts';
import { type CreateIncident, type IncidentDetail, SOURCES } from '@yiwang/api/types/incident.ts';
import { GRADES, type Position } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Alert, Button, Checkbox, Form, Input, type InputRef, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { useRef, useState } from 'react';
import { AttachmentField } from '../../parts/attachment-field.tsx';
import { CityMap } from '../../parts/city-map.tsx';
import { ItemPicker } from '../../parts/item-picker.tsx';
import { problemWords } from '../../parts/problem-words.ts';
import { useIsUploading } from '../../parts/use-uploads.ts';
import { createBody, type IntakeValues } from './create-body.ts';
import { IntakeAside } from './intake-aside.tsx';
import { Saved } from './saved.tsx';
import { Suggestions } from './suggestions.tsx';
import './intake.css';

/** From a call to a case on one page: write, choose what is proposed, save. */
export default function IntakePage() {
  const t = useT();
  const client = useQueryClient();
  const [form] = Form.useForm<IntakeValues>();
  const [position, setPosition] = useState<Position>();
  const [saved, setSaved] = useState<IncidentDetail>();
  const key = useRef(intentKey());
  const first = useRef<InputRef>(null);
  const description = Form.useWatch('description', form) ?? '';
  const item = Form.useWatch('item_code', form);
  const address = Form.useWatch('address', form);
  const phone = Form.useWatch('phone', form);

  const isUploading = useIsUploading();
  const create = useMutation({
    mutationFn: (body: CreateIncident) => incidentApi.create(body, key.current),
    onSuccess: (detail) => {
      key.current = intentKey();
      client.setQueryData(incidentKeys.detail(detail.id), detail);
      setSaved(detail);
      form.resetFields();
      setPosition(undefined);
      first.current?.focus();
    },
    // A refused body will be another one next time; only a lost answer is the same intent.
    onError: (fault) => {
      if (!(fault instanceof ApiProblem && fault.status === 0)) key.current = intentKey();
    },
  });

  return (
    <div
      className="page intake"
      role="presentation"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing)
          form.submit();
      }}
    >
      <div className="page-head">
        <h2>{t('intake.title')}</h2>
        <span className="intake-warning">{t('intake.emergency')}</span>
        <span className="page-gap" />
        <Button
          type="primary"
          loading={create.isPending}
          disabled={isUploading}
          title={isUploading ? t('media.wait') : ''}
          onClick={() => form.submit()}
        >
          {t('intake.saveKeys')}
        </Button>
      </div>
      {saved && <Saved detail={saved} onClose={() => setSaved(undefined)} />}
      {create.error && <Alert type="error" showIcon title={problemWords(create.error)} />}
      <Form<IntakeValues>
        form={form}
        layout="vertical"
        className="page-split intake-split"
        initialValues={{ source: 'hotline', desk: true }}
        onFinish={(values) => !isUploading && create.mutate(createBody(values, position))}
      >
        <div className="intake-form">
          <Panel title={t('intake.what')}>
            <Form.Item
              name="description"
              rules={[{ required: true, whitespace: true, message: t('intake.needText') }]}
            >
              <Input.TextArea
                ref={first as never}
                autoFocus
                aria-label={t('intake.what')}
                placeholder={t('intake.whatPlaceholder')}
                autoSize={{ minRows: 4, maxRows: 10 }}
                maxLength={4000}
              />
            </Form.Item>
            <Suggestions
              text={description}
              chosen={item}
              onChoose={(code) => form.setFieldValue('item_code', code)}
            />
            <WhatFields />
            <Form.Item name="attachments" label={t('intake.attachments')}>
              <AttachmentField key={saved?.id ?? ''} label={t('intake.attachments')} />
            </Form.Item>
          </Panel>
          <WhoPanel />
        </div>
        <Place position={position} onChange={setPosition} />
        <IntakeAside
          item={item}
          description={description}
          position={position}
          address={address}
          phone={phone}
        />
      </Form>
    </div>
  );
}

function WhatFields() {
  const t = useT();
  const term = useTerm();
  return (
    <div className="intake-columns">
      <Form.Item name="item_code" label={t('intake.item')}>
        <ItemPicker />
      </Form.Item>
      <Form.Item name="grade" label={t('intake.grade')}>
        <Select
          allowClear
          placeholder={t('intake.gradeAuto')}
          options={GRADES.map((grade) => ({ value: grade, label: term('grade', grade) }))}
        />
      </Form.Item>
      <Form.Item name="title" label={t('intake.caseTitle')}>
        <Input placeholder={t('intake.titleAuto')} maxLength={100} />
      </Form.Item>
      <Form.Item name="occurred_at" label={t('intake.occurred')}>
        <DateField withTime placeholder={t('intake.occurredNow')} />
      </Form.Item>
      <Form.Item name="source" label={t('intake.source')}>
        <Select options={SOURCES.map((source) => ({ value: source, label: term('source', source) }))} />
      </Form.Item>
      <Form.Item name="source_ref" label={t('intake.sourceRef')}>
        <Input maxLength={100} />
      </Form.Item>
    </div>
  );
}

function WhoPanel() {
  const t = useT();
  return (
    <Panel title={t('intake.who')}>
      <div className="intake-columns">
        <Form.Item name="name" label={t('intake.name')}>
          <Input maxLength={50} autoComplete="off" />
        </Form.Item>
        <Form.Item name="phone" label={t('intake.phone')}>
          <Input maxLength={30} inputMode="tel" autoComplete="off" />
        </Form.Item>
        <Form.Item name="secret" valuePropName="checked">
          <Checkbox>{t('intake.secret')}</Checkbox>
        </Form.Item>
        <Form.Item name="desk" valuePropName="checked">
          <Checkbox>{t('intake.desk')}</Checkbox>
        </Form.Item>
      </div>
    </Panel>
  );
}

interface PlaceProps {
  position: Position | undefined;
  onChange: (position: Position | undefined) => void;
}

function Place({ position, onChange }: PlaceProps) {
  const t = useT();
  const located = useQuery({
    ...locateQuery(position ?? { lon: 0, lat: 0 }),
    enabled: Boolean(position),
    retry: false,
  });
  const isOutside = Boolean(position) && !located.isPending && !located.data?.area;
  return (
    <Panel title={t('intake.where')} className="intake-place">
      <Form.Item name="address" label={t('intake.address')}>
        <Input placeholder={t('intake.addressPlaceholder')} maxLength={200} />
      </Form.Item>
      <div className="intake-position">
        {position ? (
          <>
            <span className="yw-mono">
              {position.lon.toFixed(5)}, {position.lat.toFixed(5)}
            </span>
            <span>
              {isOutside ? (
                <span className="intake-bad">{t('intake.outside')}</span>
              ) : (
                [located.data?.path[1], located.data?.area].map((area) => area?.name).join(' ')
              )}
            </span>
            <Button size="small" type="link" onClick={() => onChange(undefined)}>
              {t('intake.clearPlace')}
            </Button>
          </>
        ) : (
          <span className="yw-dim">{t('intake.pickOnMap')}</span>
        )}
      </div>
      <div className="intake-map">
        <CityMap label={t('intake.pickOnMap')} height="100%" marker={position} onPick={onChange} />
      </div>
    </Panel>
  );
}
