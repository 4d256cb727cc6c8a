import { LAYOUT_KEYS, type LayoutKey, type Screen, type ScreenLayout } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Checkbox, Input, Segmented, Select } from '@yiwang/ui/controls.ts';
import { useEffect, useState } from 'react';
import {
  firstLayout,
  withColumn,
  withLayout,
  withoutColumn,
  withoutLayout,
  withoutRow,
  withRow,
  withRowWeights,
} from './editing.ts';

interface LayoutToolsProps {
  screen: Screen;
  current: LayoutKey;
  onCurrent: (key: LayoutKey) => void;
  onChange: (next: (screen: Screen) => Screen) => void;
}

/** Which layout is drawn, and how many columns and rows of which weight it has. */
export function LayoutTools({ screen, current, onCurrent, onChange }: LayoutToolsProps) {
  const t = useT();
  const keys = LAYOUT_KEYS.filter((key) => screen.layouts[key]);
  const missing = LAYOUT_KEYS.filter((key) => !screen.layouts[key]);
  const layout = screen.layouts[current];
  const put = (next: ScreenLayout) => onChange((old) => withLayout(old, current, next));
  return (
    <div className="screen-layout-tools">
      <div className="screen-acts">
        <Segmented
          aria-label={t('wall.edit.layout')}
          options={keys.map((key) => ({ value: key, label: key }))}
          value={current}
          onChange={(key) => onCurrent(key as LayoutKey)}
        />
        {missing.length > 0 && (
          <Select
            size="small"
            aria-label={t('wall.edit.addLayout')}
            placeholder={t('wall.edit.addLayout')}
            value={null}
            options={missing.map((key) => ({ value: key, label: key }))}
            onChange={(key: LayoutKey | null) => {
              if (!key) return;
              onChange((old) => withLayout(old, key, firstLayout(old, key)));
              onCurrent(key);
            }}
          />
        )}
        {current !== '16:9' && (
          <Button
            size="small"
            danger
            onClick={() => {
              onChange((old) => withoutLayout(old, current));
              onCurrent('16:9');
            }}
          >
            {t('wall.edit.dropLayout')}
          </Button>
        )}
      </div>
      {layout && (
        <div className="screen-acts">
          <Button size="small" onClick={() => put(withColumn(layout))}>
            {t('wall.edit.addColumn')}
          </Button>
          <Button size="small" onClick={() => put(withoutColumn(layout))}>
            {t('wall.edit.dropColumn')}
          </Button>
          <Button size="small" onClick={() => put(withRow(layout))}>
            {t('wall.edit.addRow')}
          </Button>
          <Button size="small" onClick={() => put(withoutRow(layout))}>
            {t('wall.edit.dropRow')}
          </Button>
          <Checkbox
            checked={!layout.rows}
            onChange={(event) => put(withRowWeights(layout, !event.target.checked))}
          >
            {t('wall.edit.byContent')}
          </Checkbox>
        </div>
      )}
      {layout && (
        <div className="screen-acts">
          <Weights
            label={t('wall.edit.columns')}
            weights={layout.columns}
            onChange={(columns) => put({ ...layout, columns })}
          />
          {layout.rows && (
            <Weights
              label={t('wall.edit.rows')}
              weights={layout.rows}
              onChange={(rows) => put({ ...layout, rows })}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface WeightsProps {
  label: string;
  weights: readonly number[];
  onChange: (weights: number[]) => void;
}

/** Weights in one line; taken once there are as many as there were. */
function Weights({ label, weights, onChange }: WeightsProps) {
  const written = weights.join(' ');
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const typed = text
    .split(/[\s,，]+/)
    .filter(Boolean)
    .map(Number);
  const isGood = typed.length === weights.length && typed.every((weight) => weight > 0 && weight <= 1_000);
  return (
    <label className="screen-weights">
      <span>{label}</span>
      <Input
        size="small"
        aria-label={label}
        value={text}
        status={isGood ? '' : 'error'}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (isGood ? onChange(typed) : setText(written))}
        onPressEnter={() => isGood && onChange(typed)}
      />
    </label>
  );
}
