import { useMutation, useQueryClient } from '@tanstack/react-query';
import { geoKeys } from '@yiwang/api/geo-api.ts';
import { importKeys, importLayer } from '@yiwang/api/layer-import-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import type { LayerImport } from '@yiwang/api/types/layer-import.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button, Modal, Select } from '@yiwang/ui/controls.ts';
import { Forbidden } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { Field } from '../shape/field.tsx';
import { FileFields } from './file-fields.tsx';
import { EMPTY_SETTING, type FileSetting, settingOf } from './file-setting.ts';
import { ImportOutcome } from './import-outcome.tsx';
import { PastImports } from './past-imports.tsx';
import './imports.css';

interface ImportDialogProps {
  layers: readonly Layer[];
  /** Code of the layer that it is opened for. */
  first: string;
  onLayer: (code: string) => void;
  onImported: (code: string) => void;
  onClose: () => void;
}

/** A file becomes features of a layer: it is rehearsed first, and only what was rehearsed is imported. */
export default function ImportDialog({ layers, first, onLayer, onImported, onClose }: ImportDialogProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const kept = layers.filter((layer) => layer.is_kept);
  const isAllowed = can('geo.edit') && kept.some(({ code }) => code === first);
  return (
    <Modal
      open
      width={760}
      title={t('map.imports.title')}
      footer={null}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {isAllowed ? (
        <div className="map-form">
          <Field label={t('map.imports.layer')} isRequired>
            {(id) => (
              <Select
                id={id}
                value={first}
                options={kept.map(({ code, name }) => ({ value: code, label: text(name) }))}
                onChange={onLayer}
              />
            )}
          </Field>
          <ImportForm key={first} layer={first} onImported={onImported} />
          <PastImports layer={first} />
        </div>
      ) : (
        <Forbidden />
      )}
    </Modal>
  );
}

interface Sent {
  setting: FileSetting;
  outcome: LayerImport;
}

/** What was rehearsed holds only as long as nothing of it was changed. */
function useSend(layer: string, onImported: (layer: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ setting, rehearse }: { setting: FileSetting; rehearse: boolean }): Promise<Sent> => {
      const { file } = setting;
      const sent = settingOf(setting);
      if (!file || !sent) throw new Error('a file without a system is not sent');
      return { setting, outcome: await importLayer(layer, file, sent, rehearse) };
    },
    onSuccess: ({ outcome }) => {
      void client.invalidateQueries({ queryKey: importKeys.of(layer), exact: true });
      if (outcome.is_rehearsal) return;
      void client.invalidateQueries({ queryKey: geoKeys.layers, exact: true });
      void client.invalidateQueries({ queryKey: geoKeys.features });
      onImported(layer);
    },
  });
}

function ImportForm({ layer, onImported }: { layer: string; onImported: (layer: string) => void }) {
  const t = useT();
  const [setting, setSetting] = useState<FileSetting>(EMPTY_SETTING);
  const send = useSend(layer, onImported);
  const isReady = setting.file !== undefined && settingOf(setting) !== undefined;
  const result = send.data?.setting === setting ? send.data.outcome : undefined;
  const isStale = send.data !== undefined && result === undefined && !send.isPending;
  const mayImport = result?.is_rehearsal === true && result.drawn > 0;
  return (
    <>
      <FileFields
        setting={setting}
        fault={send.error}
        onChange={(next) => setSetting({ ...setting, ...next })}
      />
      <div className="toolbar">
        <Button
          type={mayImport ? 'default' : 'primary'}
          disabled={!isReady || send.isPending}
          loading={send.isPending}
          onClick={() => send.mutate({ setting, rehearse: true })}
        >
          {t(send.data ? 'map.imports.again' : 'map.imports.rehearse')}
        </Button>
        {mayImport && (
          <Button
            type="primary"
            disabled={send.isPending}
            onClick={() => send.mutate({ setting, rehearse: false })}
          >
            {t('map.imports.import', { count: result.drawn })}
          </Button>
        )}
        {send.isPending && <span role="status">{t('map.imports.busy')}</span>}
        {isStale && (
          <span role="status" className="yw-dim">
            {t('map.imports.stale')}
          </span>
        )}
      </div>
      {!send.isPending && <ProblemNote fault={send.error} title={t('map.imports.failed')} />}
      {result && !send.isPending && <ImportOutcome outcome={result} />}
    </>
  );
}
