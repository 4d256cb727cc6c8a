import type { BacktestLabel } from '@yiwang/api/types/alarm-rule.ts';
import { instantOf } from '@yiwang/i18n/time.ts';

export interface LabelFault {
  line: number;
  /** The word's key. */
  what: 'parts' | 'time' | 'order';
}

const TIME = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})$/;

/** A time of the city's clock, or with its offset. */
function timeOf(typed: string | undefined): string | undefined {
  const text = typed?.trim() ?? '';
  const found = TIME.exec(text);
  if (found) {
    const [year, month, day, hour, minute] = found.slice(1).map((part) => part.padStart(2, '0'));
    const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:00+08:00`);
    return Number.isNaN(at.getTime()) ? undefined : instantOf(`${year}-${month}-${day}T${hour}:${minute}`);
  }
  const at = /[zZ]|[+-]\d{2}:?\d{2}$/.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

/** `device, from, to[, event]` on each line; empty lines and those that begin with # say nothing. */
export function labelsOf(text: string): { labels: BacktestLabel[]; faults: LabelFault[] } {
  const labels: BacktestLabel[] = [];
  const faults: LabelFault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) continue;
    const parts = raw.split(/[,，\t]/).map((part) => part.trim());
    const [device, fromText, toText, eventText] = parts;
    if (!device || parts.length < 3 || parts.length > 4) {
      faults.push({ line, what: 'parts' });
      continue;
    }
    const [from, to, event] = [timeOf(fromText), timeOf(toText), timeOf(eventText)];
    if (!from || !to || (eventText && !event)) faults.push({ line, what: 'time' });
    else if (Date.parse(to) <= Date.parse(from)) faults.push({ line, what: 'order' });
    else labels.push({ device, from, to, ...(event ? { event } : {}) });
  }
  return { labels, faults };
}
