import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deviceApi, deviceKeys } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App, Button, Input, Modal } from '@yiwang/ui/controls.ts';
import { useRef, useState } from 'react';
import { DeviceFault } from './device-fault.tsx';
import { textOfBytes } from './import/csv.ts';

const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Names the client certificate that the device shows; only its public part is wanted. */
export function CertificateDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const picker = useRef<HTMLInputElement>(null);
  const [pem, setPem] = useState('');
  const word = (key: string) => t(`sensing.token.${key}`);
  const name = useMutation({
    mutationFn: () => deviceApi.setCertificate(device.id, pem.trim()),
    onSuccess: (fresh) => {
      client.setQueryData(deviceKeys.one(device.id), fresh);
      void message.success(word('certificate'));
      onClose();
    },
  });
  const hasKey = PRIVATE.test(pem);
  const take = async (file: File | undefined) => {
    if (file) setPem(textOfBytes(new Uint8Array(await file.arrayBuffer())));
  };
  return (
    <Modal
      open
      width={620}
      title={`${word(device.has_certificate ? 'replaceCertificate' : 'nameCertificate')} · ${device.code}`}
      onCancel={onClose}
      mask={{ closable: false }}
      okText={word('name')}
      okButtonProps={{ disabled: pem.trim() === '' || hasKey }}
      confirmLoading={name.isPending}
      onOk={() => name.mutate()}
    >
      <p className="yw-dim">{word('certificateHint')}</p>
      {name.error && <DeviceFault fault={name.error} title={word('failed')} />}
      {hasKey && (
        <p role="alert" className="device-bad">
          {word('privateKey')}
        </p>
      )}
      <Input.TextArea
        autoFocus
        aria-label={word('pem')}
        className="yw-mono"
        placeholder={'-----BEGIN CERTIFICATE-----'}
        autoSize={{ minRows: 8, maxRows: 14 }}
        spellCheck={false}
        status={hasKey ? 'error' : ''}
        value={pem}
        onChange={(event) => {
          name.reset();
          setPem(event.target.value);
        }}
      />
      <div className="toolbar certificate-file">
        <Button onClick={() => picker.current?.click()}>{word('choosePem')}</Button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={word('choosePem')}
          accept=".pem,.crt,.cer"
          onChange={(event) => {
            name.reset();
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
    </Modal>
  );
}
