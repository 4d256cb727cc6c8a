import { useMutation } from '@tanstack/react-query';
import { previewDeadline } from '@yiwang/api/calendar-api.ts';
import type { CalendarView, DeadlineView } from '@yiwang/api/types/calendar.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Alert, Button, InputNumber, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Fault } from '@yiwang/ui/states.tsx';
import { type FormEvent, useState } from 'react';
import { useDayTime } from '../../parts/use-words.ts';

const UNITS = ['wh', 'wd', 'wm', 'h', 'd', 'm'] as const;
type LimitUnit = (typeof UNITS)[number];

interface Held {
  key: number;
  from: string;
  until: string;
}

/** What a limit would end at, in the words of the server that runs the clocks. */
export function Calculator({ calendars, initial }: { calendars: CalendarView[]; initial: string }) {
  const t = useT();
  const text = useText();
  const [calendar, setCalendar] = useState(initial);
  const [start, setStart] = useState(() => localOf(Date.now()));
  const [amount, setAmount] = useState<number | null>(4);
  const [unit, setUnit] = useState<LimitUnit>('wh');
  const [held, setHeld] = useState<Held[]>([]);
  const preview = useMutation({ mutationFn: previewDeadline });
  const word = (key: string) => t(`calendars.${key}`);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    preview.mutate({
      calendar,
      start: instantOf(start),
      limit: `${amount ?? 0}${unit}`,
      suspensions: held
        .filter((one) => one.from)
        .map((one) => ({
          from: instantOf(one.from),
          ...(one.until ? { until: instantOf(one.until) } : {}),
        })),
    });
  };

  return (
    <Panel title={word('calculator')}>
      <form className="calculator" onSubmit={onSubmit}>
        <p className="yw-dim">{word('calculatorHint')}</p>
        <label htmlFor="calculator-calendar">{word('calendar')}</label>
        <Select
          id="calculator-calendar"
          value={calendar}
          onChange={setCalendar}
          options={calendars.map((one) => ({ value: one.name, label: text(one.title) }))}
        />
        <label htmlFor="calculator-start">{word('start')}</label>
        <span className="calculator-row">
          <DateField id="calculator-start" withTime allowClear={false} value={start} onChange={setStart} />
          <Button onClick={() => setStart(localOf(Date.now()))}>{word('now')}</Button>
        </span>
        <label htmlFor="calculator-amount">{word('limit')}</label>
        <span className="calculator-row calculator-limit">
          <InputNumber
            style={{ width: '100%' }}
            id="calculator-amount"
            required
            min={1}
            precision={0}
            value={amount}
            onChange={setAmount}
          />
          <Select<LimitUnit>
            aria-label={word('unit')}
            value={unit}
            onChange={setUnit}
            options={UNITS.map((one) => ({ value: one, label: t(`calendars.units.${one}`) }))}
          />
        </span>
        <Suspensions held={held} onChange={setHeld} />
        <Button type="primary" htmlType="submit" loading={preview.isPending} disabled={!start || !amount}>
          {word('compute')}
        </Button>
      </form>
      {preview.error && <Fault fault={preview.error} />}
      {preview.data && <Answer deadline={preview.data} />}
    </Panel>
  );
}

function Suspensions({ held, onChange }: { held: Held[]; onChange: (held: Held[]) => void }) {
  const t = useT();
  const word = (key: string) => t(`calendars.${key}`);
  const change = (key: number, part: Partial<Held>) =>
    onChange(held.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <fieldset className="calculator-held">
      <legend>{word('suspensions')}</legend>
      {held.map((one) => (
        <div key={one.key} className="calculator-span">
          {(['from', 'until'] as const).map((end) => (
            <div key={end}>
              {word(end)}
              <DateField
                withTime
                label={word(end)}
                allowClear={end === 'until'}
                value={one[end]}
                onChange={(at) => change(one.key, { [end]: at })}
              />
            </div>
          ))}
          <Button onClick={() => onChange(held.filter((other) => other.key !== one.key))}>
            {t('shell.common.remove')}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() =>
          onChange([...held, { key: (held.at(-1)?.key ?? 0) + 1, from: localOf(Date.now()), until: '' }])
        }
      >
        {word('addSuspension')}
      </Button>
    </fieldset>
  );
}

function Answer({ deadline }: { deadline: DeadlineView }) {
  const t = useT();
  const text = useText();
  const when = useDayTime();
  return (
    <output className="calculator-answer">
      <span className="yw-dim">{t('calendars.due')}</span>
      <strong>{deadline.due ? when(deadline.due) : t('calendars.noDue')}</strong>
      {deadline.beyond_known && <Alert type="warning" showIcon title={t('calendars.beyond')} />}
      <p>{text(deadline.explanation)}</p>
    </output>
  );
}
