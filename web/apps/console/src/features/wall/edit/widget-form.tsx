import type { ScreenFinding, ScreenWidget } from '@yiwang/api/types/screen.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { Input } from '@yiwang/ui/controls.ts';
import { isKind, KINDS } from '@yiwang/widgets/options.ts';
import type { ReactNode } from 'react';
import { withOption } from './editing.ts';
import { findingAt, wordOf } from './findings.ts';
import { OptionField } from './option-field.tsx';

interface WidgetFormProps {
  widget: ScreenWidget;
  findings: readonly ScreenFinding[];
  onChange: (change: (widget: ScreenWidget) => ScreenWidget) => void;
}

/** The options of a widget, as its kind takes them. */
export function WidgetForm({ widget, findings, onChange }: WidgetFormProps) {
  const t = useT();
  const { kind, title } = widget;
  const fields = isKind(kind) ? KINDS[kind].fields : {};
  const retitle = (zh: string, en: string) =>
    onChange(({ title: _, ...rest }) => (zh ? { ...rest, title: en ? { zh, en } : { zh } } : rest));
  return (
    <div className="screen-form">
      <Row label={t('wall.edit.kind')} fault={findingAt(findings, 'kind')}>
        <span>
          {isKind(kind) ? t(`wall.kinds.${kind}`) : kind}{' '}
          <span className="yw-dim yw-mono">{widget.area}</span>
        </span>
      </Row>
      <Row label={t('wall.edit.zhTitle')} fault={findingAt(findings, 'title')}>
        <Input
          aria-label={t('wall.edit.zhTitle')}
          value={title?.zh ?? ''}
          onChange={(event) => retitle(event.target.value, title?.en ?? '')}
        />
      </Row>
      <Row label={t('wall.edit.enTitle')}>
        <Input
          aria-label={t('wall.edit.enTitle')}
          value={title?.en ?? ''}
          disabled={!title?.zh}
          onChange={(event) => retitle(title?.zh ?? '', event.target.value)}
        />
      </Row>
      {Object.entries(fields).map(([name, field]) => {
        const label = t(`wall.edit.field.${name}`, { max: 'max' in field ? field.max : undefined });
        return (
          <Row key={name} label={label} fault={findingAt(findings, name)}>
            <OptionField
              field={field}
              label={label}
              value={widget.options?.[name]}
              onChange={(value) => onChange((old) => withOption(old, name, value))}
            />
          </Row>
        );
      })}
    </div>
  );
}

interface RowProps {
  label: string;
  fault?: ScreenFinding | undefined;
  children: ReactNode;
}

/** A field with its name, and with what was found at it. */
export function Row({ label, fault, children }: RowProps) {
  const known = useKnown();
  return (
    <div className="screen-row" data-fault={fault !== undefined}>
      <span className="screen-row-label">{label}</span>
      <div>
        {children}
        {fault && (
          <p className="screen-row-fault" role="alert">
            {known('wall.edit.found', wordOf(fault))} <small>{fault.message}</small>
          </p>
        )}
      </div>
    </div>
  );
}
