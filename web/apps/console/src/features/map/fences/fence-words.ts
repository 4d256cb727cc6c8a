import type { Fence, FenceDays, FenceEvent, FencePlan, FenceSchedule } from '@yiwang/api/types/fence.ts';
import { type Translate, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';

function daysWords(t: Translate, days: FenceDays | undefined): string {
  if (typeof days !== 'object') return t(`map.fences.days.${days ?? 'all'}`);
  return days.weekdays.map((day) => t(`map.fences.days.${day}`)).join('、');
}

const scheduleWords = (t: Translate, { hours }: FenceSchedule): string =>
  hours.map(({ days, from, to }) => `${daysWords(t, days)} ${from}–${to}`).join('; ');

function rulesWords(t: Translate, { rules = {} }: FencePlan): string[] {
  const told = (key: string, values?: Record<string, unknown>) => t(`map.fences.told.${key}`, values);
  const words = [
    rules.enter && told('enter'),
    rules.leave && told('leave'),
    rules.dwell_seconds && told('dwell', { seconds: rules.dwell_seconds }),
    rules.off_route && told('offRoute'),
    rules.overspeed && told('overspeed', { kmh: rules.overspeed.kmh }),
    rules.forbidden && told('forbidden', { hours: scheduleWords(t, rules.forbidden) }),
    rules.silent_seconds && told('silent', { seconds: rules.silent_seconds }),
  ].filter((one): one is string => Boolean(one));
  return words.length > 0 ? words : [told('nothing')];
}

function groundWords(t: Translate, { outline }: FencePlan): string {
  const kind = t(`map.fences.kinds.${outline.kind}`);
  const fact = (key: string, values: Record<string, unknown>) =>
    `${kind} · ${t(`map.fences.facts.${key}`, values)}`;
  if (outline.kind === 'circle') return fact('radius', { metres: outline.radius_m });
  if (outline.kind === 'corridor') return fact('half', { metres: outline.half_width_m });
  return fact('corners', {
    count: outline.coordinates.flat().reduce((sum, ring) => sum + ring.length - 1, 0),
  });
}

function spanWords(t: Translate, { from, until }: FencePlan): string {
  const parts = [
    from && t('map.fences.facts.from', { time: fullTime(from) }),
    until && t('map.fences.facts.until', { time: fullTime(until) }),
  ];
  return parts.filter(Boolean).join(' ');
}

function concernWords(t: Translate, { concerns }: FencePlan): string {
  const all = [...(concerns?.objects ?? []), ...(concerns?.tags ?? [])];
  return all.length > 0 ? all.join('、') : t('map.fences.facts.all');
}

const FIGURES = ['speed_kmh', 'limit_kmh', 'off_m', 'minutes'] as const;

/** What explains an event. */
const figureWords = (t: Translate, { figures }: FenceEvent): string =>
  FIGURES.flatMap((key) => {
    const value = figures[key];
    return typeof value === 'number'
      ? [t(`map.fences.figures.${key}`, { value: Number(value.toFixed(1)) })]
      : [];
  }).join(' · ');

/** What a fence says of itself, in words. */
export function useFenceWords() {
  const t = useT();
  return {
    rules: ({ plan }: Fence) => rulesWords(t, plan),
    ground: ({ plan }: Fence) => groundWords(t, plan),
    span: ({ plan }: Fence) => spanWords(t, plan),
    concerns: ({ plan }: Fence) => concernWords(t, plan),
    schedule: ({ plan }: Fence) =>
      plan.schedule ? scheduleWords(t, plan.schedule) : t('map.fences.facts.always'),
    figures: (event: FenceEvent) => figureWords(t, event),
  };
}
