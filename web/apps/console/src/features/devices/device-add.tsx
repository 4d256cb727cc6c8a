import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { useState } from 'react';
import { DeviceDialog } from './edit/device-dialog.tsx';
import { ImportDialog } from './import/import-dialog.tsx';

/** One device more, or many. */
export function DeviceAdd({ onAdded }: { onAdded: (id: string) => void }) {
  const t = useT();
  const [open, setOpen] = useState<'one' | 'many'>();
  const close = () => setOpen(undefined);
  return (
    <>
      <span className="page-gap" />
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('one')}>
        {t('devices.form.create')}
      </Button>
      <Button onClick={() => setOpen('many')}>{t('devices.import.title')}</Button>
      {open === 'one' && (
        <DeviceDialog
          onClose={close}
          onSaved={(device) => {
            close();
            onAdded(device.id);
          }}
        />
      )}
      {open === 'many' && <ImportDialog onClose={close} />}
    </>
  );
}
