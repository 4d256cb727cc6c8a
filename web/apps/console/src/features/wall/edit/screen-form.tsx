import type { LayoutKey, Screen, ScreenFinding } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Input, InputNumber } from '@yiwang/ui/controls.ts';
import { useEffect, useState } from 'react';
import { findingAt, spotOf } from './findings.ts';
import { Row } from './widget-form.tsx';

interface ScreenFormProps {
  screen: Screen;
  current: LayoutKey;
  findings: readonly ScreenFinding[];
  onChange: (next: (screen: Screen) => Screen) => void;
}

/** What a screen says of itself. */
export function ScreenForm({ screen, current, findings, onChange }: ScreenFormProps) {
  const t = useT();
  const own = findings.filter((finding) => spotOf(finding.pointer).kind === 'screen');
  const put = (change: Partial<Screen>) => onChange((old) => ({ ...old, ...change }));
  const titled = (zh: string, en: string) => put({ title: en ? { zh, en } : { zh } });
  return (
    <div className="screen-form">
      <Row label={t('wall.edit.zhTitle')} fault={findingAt(own, 'title')}>
        <Input
          aria-label={t('wall.edit.zhTitle')}
          value={screen.title.zh}
          onChange={(event) => titled(event.target.value, screen.title.en ?? '')}
        />
      </Row>
      <Row label={t('wall.edit.enTitle')}>
        <Input
          aria-label={t('wall.edit.enTitle')}
          value={screen.title.en ?? ''}
          onChange={(event) => titled(screen.title.zh, event.target.value)}
        />
      </Row>
      <Row label={t('wall.edit.refresh')} fault={findingAt(own, 'refresh_seconds')}>
        <InputNumber
          aria-label={t('wall.edit.refresh')}
          min={5}
          max={3600}
          value={screen.refresh_seconds}
          onChange={(next) => next && put({ refresh_seconds: next })}
        />
      </Row>
      <Row label={t('wall.edit.order')} fault={findingAt(own, 'order')}>
        <InputNumber
          aria-label={t('wall.edit.order')}
          value={screen.order}
          onChange={(next) => put({ order: next ?? 0 })}
        />
      </Row>
      <Row label={t('wall.edit.right')} fault={findingAt(own, 'right')}>
        <Input
          aria-label={t('wall.edit.right')}
          className="yw-mono"
          value={screen.right ?? ''}
          onChange={(event) =>
            onChange(({ right: _, ...rest }) =>
              event.target.value ? { ...rest, right: event.target.value } : rest,
            )
          }
        />
      </Row>
      <Row label={`${t('wall.edit.seams')} ${current}`} fault={findingAt(own, 'seams')}>
        <Seams
          label={t('wall.edit.seams')}
          seams={screen.seams?.[current] ?? []}
          onChange={(next) =>
            onChange((old) => {
              const { [current]: _, ...rest } = old.seams ?? {};
              return { ...old, seams: next.length > 0 ? { ...rest, [current]: next } : rest };
            })
          }
        />
      </Row>
    </div>
  );
}

interface SeamsProps {
  label: string;
  seams: readonly number[];
  onChange: (seams: number[]) => void;
}

function Seams({ label, seams, onChange }: SeamsProps) {
  const written = seams.join(', ');
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const typed = text
    .split(/[\s,，]+/)
    .filter(Boolean)
    .map(Number);
  const isGood = typed.every((seam) => Number.isFinite(seam) && seam > 0);
  return (
    <Input
      aria-label={label}
      value={text}
      status={isGood ? '' : 'error'}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => (isGood ? onChange(typed) : setText(written))}
    />
  );
}
