import type { DeviceCredential } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Input, Modal } from '@yiwang/ui/controls.ts';

/** Copies also where the page did not come over a secure line, as in many a machine room. */
async function copied(id: string, text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the older way is tried.
  }
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return false;
  field.focus();
  field.select();
  return document.execCommand('copy');
}

/** A token, the only time that it is shown. */
export function TokenOnce({ credential, onClose }: { credential: DeviceCredential; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const copy = async () => {
    if (await copied('device-token', credential.token)) void message.success(t('shell.common.copied'));
    else void message.warning(t('sensing.token.copyByHand'));
  };
  return (
    <Modal
      open
      title={t('sensing.token.token')}
      closable={false}
      keyboard={false}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={() => void copy()}>{t('shell.common.copy')}</Button>
          <Button type="primary" onClick={onClose}>
            {t('sensing.token.kept')}
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
