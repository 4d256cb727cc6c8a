import type { UseQueryResult } from '@tanstack/react-query';
import type { Fence } from '@yiwang/api/types/fence.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { groundGeometry } from '@yiwang/map/board/fence-style.ts';
import { Button, Input } from '@yiwang/ui/controls.ts';
import { Empty, Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { CardPane } from '../card-pane.tsx';
import { Field } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import type { Drawing } from '../use-sketch.ts';
import { BelongFields } from './belong-fields.tsx';
import { BorderFields, ConcernFields, WhenFields } from './concern-fields.tsx';
import { createOf, draftOf, EMPTY_DRAFT, type FenceDraft, faultsOf, outlineOf } from './fence-draft.ts';
import { FenceFault } from './fence-fault.tsx';
import { GroundFields } from './ground-fields.tsx';
import { RuleFields } from './rule-fields.tsx';
import { useFenceChanges } from './use-fence-changes.ts';
import './fences.css';

interface FencePaneProps {
  /** The fence that is changed; empty makes a new one. */
  id: string;
  board: Board | undefined;
  drawing: Drawing;
  query: UseQueryResult<Fence[]>;
  onMark: (geometry: GeoJSON.Geometry | undefined) => void;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** A fence is made or changed. */
export default function FencePane({ id, query, ...rest }: FencePaneProps) {
  const t = useT();
  const { can } = useSigned();
  const fence = query.data?.find((one) => one.id === id);
  const title = fence ? t('map.fences.form.edit', { name: fence.name }) : t('map.fences.form.create');
  const form = () => {
    if (!can('geo.edit')) return <Forbidden />;
    return id && !fence ? <Empty text={t('map.fences.gone')} /> : <FenceForm {...rest} fence={fence} />;
  };
  return (
    <CardPane title={title} onClose={rest.onClose}>
      <Loaded query={query}>{form}</Loaded>
    </CardPane>
  );
}

type FormProps = Omit<FencePaneProps, 'id' | 'query'> & { fence: Fence | undefined };

/** What is written, what is wrong with it, and how it is sent. */
function useFenceForm({ fence, onMark, onSaved, drawing }: FormProps) {
  const [draft, setDraft] = useState<FenceDraft>(() => (fence ? draftOf(fence) : EMPTY_DRAFT));
  // The version that the draft was begun from: what came after it is not overwritten by chance.
  const begun = useRef(fence?.version ?? 0);
  const [isTried, setTried] = useState(false);
  const { create, update } = useFenceChanges();
  const outline = useMemo(() => outlineOf(draft).value, [draft]);
  useEffect(() => onMark(outline && groundGeometry(outline)), [outline, onMark]);
  const { end } = drawing;
  useEffect(() => end, [end]);
  const save = (version = begun.current) => {
    setTried(true);
    const onSuccess = (saved: Fence) => onSaved(saved.id);
    const body = createOf(draft);
    if (!body) return;
    const { name, plan } = body;
    if (fence) update.mutate({ seen: { id: fence.id, version }, body: { name, plan } }, { onSuccess });
    else create.mutate(body, { onSuccess });
  };
  const reload = () => {
    if (!fence) return;
    begun.current = fence.version;
    setDraft(draftOf(fence));
    update.reset();
  };
  return {
    ...{ draft, outline, save, reload },
    change: (next: Partial<FenceDraft>) => setDraft((old) => ({ ...old, ...next })),
    faults: isTried ? faultsOf(draft) : {},
    fault: create.error ?? update.error,
    isBusy: create.isPending || update.isPending,
  };
}

/** A refused plan is told as a whole; what is said of the ground stands at its field, too. */
function groundRefusal(fault: unknown): string | undefined {
  const refused = serverFault(fault, '/plan');
  return refused?.includes('outline') ? refused : undefined;
}

function FenceForm(props: FormProps) {
  const { fence, board, drawing, onClose } = props;
  const t = useT();
  const { draft, outline, save, reload, change, faults, fault, isBusy } = useFenceForm(props);
  const { plan } = draft;
  const nameFault = faults.name && t('map.fences.form.wrong.name');
  const setPlan = (next: typeof plan) => change({ plan: next });
  return (
    <form
      className="map-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field label={t('map.fences.form.name')} isRequired fault={nameFault || serverFault(fault, '/name')}>
        {(field) => (
          <Input id={field} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
      <GroundFields
        {...{ draft, faults, drawing }}
        refused={groundRefusal(fault)}
        onChange={change}
        onFit={outline && (() => board?.fit(groundGeometry(outline)))}
      />
      <RuleFields
        rules={plan.rules ?? {}}
        fault={faults.forbidden}
        onChange={(rules) => setPlan({ ...plan, rules })}
      />
      <ConcernFields plan={plan} onChange={setPlan} />
      <WhenFields plan={plan} fault={faults.schedule} onChange={setPlan} />
      <BorderFields plan={plan} onChange={setPlan} />
      {!fence && <BelongFields draft={draft} fault={fault} onChange={change} />}
      <FenceFault fault={fault} onReload={reload} onMine={() => save(fence?.version)} />
      <div className="map-form-foot">
        <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('map.fences.form.save')}
        </Button>
      </div>
    </form>
  );
}
