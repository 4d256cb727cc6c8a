import type { RuleExamined } from '@yiwang/api/types/alarm-rule.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Fault } from '@yiwang/ui/states.tsx';
import type { ReadEntry, TextPlace } from './entry-text.ts';

interface FindingsProps {
  read: ReadEntry;
  check: { data: RuleExamined | undefined; error: unknown; isFetching: boolean; refetch: () => unknown };
  /** Nobody is typing. */
  isSettled: boolean;
  onShow: (place: TextPlace, length: number) => void;
}

/** Everything that is found about the entry as it is typed; each leads to its place in the text. */
export function Findings({ read, check, isSettled, onShow }: FindingsProps) {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.findings.${key}`, values);
  const known = useKnown();
  const isReadable = read.faults.length === 0;
  const found = isReadable ? (check.data?.findings ?? []) : [];
  const errors = found.filter((one) => one.weight === 'error').length;
  const isBusy = isReadable && (!isSettled || check.isFetching);
  const state = () => {
    if (!isReadable) return word('unreadable');
    if (isBusy) return word('checking');
    if (!check.data) return '';
    if (found.length === 0) return word('right');
    return word('count', { errors, warnings: found.length - errors });
  };
  return (
    <Panel title={word('title')} scroll extra={<output className="yw-dim">{state()}</output>}>
      {isReadable && check.error && !check.data ? (
        <Fault fault={check.error} onRetry={() => void check.refetch()} />
      ) : null}
      <ul className="rule-findings" aria-label={word('title')}>
        {read.faults.map((fault) => (
          <li key={`${fault.offset} ${fault.message}`} data-weight="error">
            <Chip tone="red">{word('error')}</Chip>
            <button type="button" className="link-button yw-mono" onClick={() => onShow(fault, 1)}>
              {word('place', { line: fault.line, column: fault.column })}
            </button>
            <p>{fault.message}</p>
          </li>
        ))}
        {found.map((one) => {
          const key = one.code.slice(one.code.lastIndexOf('.') + 1);
          const title = known('rules.found', key);
          const place = read.placeOf(one.pointer, one.place);
          return (
            <li
              key={`${one.pointer} ${one.code} ${one.place?.column ?? ''} ${one.message}`}
              data-weight={one.weight}
            >
              <Chip tone={one.weight === 'error' ? 'red' : 'yellow'}>{word(one.weight)}</Chip>
              <span className="yw-mono">{one.pointer}</span>
              {place && (
                <button
                  type="button"
                  className="link-button yw-mono"
                  onClick={() => onShow(place, one.place?.length ?? 0)}
                >
                  {word('place', { line: place.line, column: place.column })}
                </button>
              )}
              {title !== key && <p>{title}</p>}
              <p className={title === key ? '' : 'yw-dim'}>{one.message}</p>
              {one.hint && <p className="yw-dim">{word('hint', { hint: one.hint })}</p>}
              <span className="yw-dim yw-mono">{one.code}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
