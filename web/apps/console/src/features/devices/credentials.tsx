import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deviceApi, deviceKeys } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App, Button } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { SideSection } from '../../parts/side-pane.tsx';
import { CertificateDialog } from './certificate-dialog.tsx';
import { DeviceFault } from './device-fault.tsx';
import { TokenOnce } from './token-once.tsx';

/** What the device proves itself with: given once, taken away at once. */
export function Credentials({ device }: { device: Device }) {
  const t = useT();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [isNaming, setNaming] = useState(false);
  const word = (key: string) => t(`sensing.token.${key}`);
  const again = () => client.invalidateQueries({ queryKey: deviceKeys.one(device.id) });
  const issue = useMutation({ mutationFn: () => deviceApi.issueToken(device.id), onSuccess: again });
  const revoke = useMutation({
    mutationFn: () => deviceApi.revoke(device.id),
    onSuccess: (fresh) => {
      client.setQueryData(deviceKeys.one(device.id), fresh);
      void message.success(word('revoked'));
    },
  });
  const askFirst = (question: string, hint: string, answer: string, act: () => void, danger = false) =>
    modal.confirm({
      title: question,
      content: hint,
      okText: answer,
      okButtonProps: { danger },
      autoFocusButton: 'cancel',
      onOk: act,
    });
  const issueAnswer = word(device.has_token ? 'reissue' : 'issue');
  return (
    <SideSection
      title={t('sensing.detail.credentials')}
      extra={`${word(device.has_token ? 'has' : 'hasNot')} · ${word(
        device.has_certificate ? 'certificate' : 'noCertificate',
      )}`}
    >
      <div className="toolbar">
        <Button
          loading={issue.isPending}
          onClick={() =>
            device.has_token
              ? askFirst(word('issueAsk'), word('issueHint'), issueAnswer, () => issue.mutate())
              : issue.mutate()
          }
        >
          {issueAnswer}
        </Button>
        <Button onClick={() => setNaming(true)}>
          {word(device.has_certificate ? 'replaceCertificate' : 'nameCertificate')}
        </Button>
        <Button
          danger
          loading={revoke.isPending}
          onClick={() =>
            askFirst(word('revokeAsk'), word('revokeHint'), word('revoke'), () => revoke.mutate(), true)
          }
        >
          {word('revoke')}
        </Button>
      </div>
      {device.certificate_sha256 && (
        <p className="yw-dim yw-mono credential-digest">SHA-256 {device.certificate_sha256}</p>
      )}
      {(issue.error ?? revoke.error) && (
        <DeviceFault fault={issue.error ?? revoke.error} title={word('failed')} />
      )}
      {issue.data && <TokenOnce credential={issue.data} onClose={() => issue.reset()} />}
      {isNaming && <CertificateDialog device={device} onClose={() => setNaming(false)} />}
    </SideSection>
  );
}
