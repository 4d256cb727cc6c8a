import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { adminApi, refusalQuery } from '@yiwang/api/admin-api.ts';
import type { RefusalDetail } from '@yiwang/api/types/admin.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert, Button, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { RefusalCorrection } from './refusal-correction.tsx';

/** One refused report: why, and what was sent. */
export function RefusalDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useT();
  const query = useQuery(refusalQuery(id));
  return (
    <Modal open width={760} footer={null} title={t('admin.system.refusal')} onCancel={onClose}>
      <Loaded query={query}>{(detail) => <Body detail={detail} />}</Loaded>
    </Modal>
  );
}

function Body({ detail }: { detail: RefusalDetail }) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const { can } = useSigned();
  const word = (key: string) => t(`admin.system.${key}`);
  const [clear, setClear] = useState<string>();
  const cut = detail.kept_bytes < detail.payload_bytes;
  const sizes = { sent: detail.payload_bytes, kept: detail.kept_bytes };
  const payload = clear ?? detail.payload;
  const correctable = (detail.via === 'rest' || detail.via.startsWith('webhook:')) && !cut;
  return (
    <>
      <Facts
        rows={[
          {
            label: word('reason'),
            value: (
              <>
                {text(detail.reason)} <span className="yw-dim yw-mono">{detail.code}</span>
              </>
            ),
            wide: true,
          },
          { label: word('error'), value: detail.message, wide: true },
          detail.field && { label: word('refusalField'), value: detail.field },
          { label: word('source'), value: term('source', detail.source) },
          { label: t('admin.audit.time'), value: fullTime(detail.at) },
          detail.source_ref && { label: t('incident.fact.sourceRef'), value: detail.source_ref },
          detail.via && { label: word('refusalVia'), value: detail.via },
          detail.payload_bytes > 0 && {
            label: word('refusalBytes'),
            value: t(`admin.system.${cut ? 'refusalCut' : 'refusalSize'}`, sizes),
          },
          detail.incident_id && {
            label: word('refusalCase'),
            value: (
              <Link to="/incidents" search={{ scope: 'all', sel: detail.incident_id }}>
                {t('incident.compare')}
              </Link>
            ),
          },
        ]}
      />
      <h3>{word('refusalPayload')}</h3>
      {payload ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <pre className="system-payload" tabIndex={0}>
          {payload}
        </pre>
      ) : (
        <p className="yw-dim">{word(`withheld.${detail.withheld ?? 'not_kept'}`)}</p>
      )}
      {can('incident.reveal') && detail.kept_bytes > 0 && clear === undefined && (
        <Reveal id={detail.id} onShown={setClear} />
      )}
      {can('incident.create') && correctable && !detail.incident_id && payload && (
        <RefusalCorrection detail={detail} start={clear} />
      )}
    </>
  );
}

function Reveal({ id, onShown }: { id: number; onShown: (payload: string) => void }) {
  const t = useT();
  const word = (key: string) => t(`admin.system.${key}`);
  const reveal = useMutation({
    mutationFn: (purpose: string) => adminApi.revealRefusal(id, purpose),
    onSuccess: ({ payload }) => onShown(payload),
  });
  return (
    <Form
      layout="inline"
      className="system-reveal"
      onFinish={({ purpose }: { purpose: string }) => reveal.mutate(purpose)}
    >
      <p className="yw-dim">{word('refusalRevealHint')}</p>
      <Form.Item name="purpose" label={word('refusalPurpose')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Button htmlType="submit" loading={reveal.isPending}>
        {word('refusalReveal')}
      </Button>
      {reveal.error && <Alert type="error" showIcon title={reveal.error.message} />}
    </Form>
  );
}
