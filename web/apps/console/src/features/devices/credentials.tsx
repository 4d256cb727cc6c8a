import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deviceApi, deviceKeys } from '@yiwang/api/sensing-api.ts';
import type { Device, DeviceCredential } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Input, Modal, Popconfirm } from '@yiwang/ui/controls.ts';
import { SideSection } from '../../parts/side-pane.tsx';

/** What the device proves itself with: given once, taken away at once. */
export function Credentials({ device }: { device: Device }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const word = (key: string) => t(`sensing.token.${key}`);
  const onError = (fault: Error) => void message.error(`${word('failed')} · ${fault.message}`);
  const again = () => client.invalidateQueries({ queryKey: deviceKeys.one(device.id) });
  const issue = useMutation({
    mutationFn: () => deviceApi.issueToken(device.id),
    onSuccess: again,
    onError,
  });
  const revoke = useMutation({
    mutationFn: () => deviceApi.revoke(device.id),
    onSuccess: (fresh) => {
      client.setQueryData(deviceKeys.one(device.id), fresh);
      void message.success(word('revoked'));
    },
    onError,
  });
  return (
    <SideSection
      title={t('sensing.detail.credentials')}
      extra={`${word(device.has_token ? 'has' : 'hasNot')} · ${word(
        device.has_certificate ? 'certificate' : 'noCertificate',
      )}`}
    >
      <div className="toolbar">
        <Popconfirm
          title={word('issueAsk')}
          description={device.has_token ? word('issueHint') : undefined}
          onConfirm={() => issue.mutate()}
        >
          <Button loading={issue.isPending}>{word(device.has_token ? 'reissue' : 'issue')}</Button>
        </Popconfirm>
        {(device.has_token || device.has_certificate) && (
          <Popconfirm
            title={word('revokeAsk')}
            description={word('revokeHint')}
            onConfirm={() => revoke.mutate()}
          >
            <Button danger loading={revoke.isPending}>
              {word('revoke')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {issue.data && <Once credential={issue.data} onClose={() => issue.reset()} />}
    </SideSection>
  );
}

function Once({ credential, onClose }: { credential: DeviceCredential; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const copy = async () => {
    await navigator.clipboard?.writeText(credential.token);
    void message.success(t('shell.common.copied'));
  };
  return (
    <Modal
      open
      title={t('sensing.token.token')}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          {navigator.clipboard && <Button onClick={() => void copy()}>{t('shell.common.copy')}</Button>}
          <Button type="primary" onClick={onClose}>
            {t('shell.common.close')}
          </Button>
        </>
      }
    >
      <Alert type="warning" showIcon title={t('sensing.token.once')} />
      <div className="token-shown">
        <label htmlFor="device-username">{t('sensing.token.username')}</label>
        <Input id="device-username" readOnly className="yw-mono" value={credential.username} />
        <label htmlFor="device-token">{t('sensing.token.token')}</label>
        <Input
          id="device-token"
          readOnly
          className="yw-mono"
          value={credential.token}
          onFocus={(event) => event.target.select()}
        />
      </div>
    </Modal>
  );
}
