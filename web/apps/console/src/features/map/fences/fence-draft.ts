import type {
  CreateFence,
  Fence,
  FenceOutline,
  FencePlan,
  FenceRules,
  FenceSchedule,
} from '@yiwang/api/types/fence.ts';
import {
  type PlacesFault,
  placeText,
  polygonsText,
  type Read,
  readPlace,
  readPolygons,
  readWays,
  waysText,
} from '../shape/places-text.ts';

export type FenceKind = FenceOutline['kind'];
export const FENCE_KINDS: readonly FenceKind[] = ['polygon', 'circle', 'corridor'];

/** A fence while it is written: its ground as text, everything else as it is sent. */
export interface FenceDraft {
  name: string;
  org: string | undefined;
  area: string | undefined;
  secrecy: number;
  kind: FenceKind;
  /** Corners, ways or the middle. */
  text: string;
  /** Radius of a circle or half width of a corridor, in metres. */
  size: number | null;
  plan: Omit<FencePlan, 'outline'>;
}

export const EMPTY_DRAFT: FenceDraft = {
  name: '',
  org: undefined,
  area: undefined,
  secrecy: 1,
  kind: 'polygon',
  text: '',
  size: 200,
  plan: { rules: { enter: true, leave: true } },
};

function groundText(outline: FenceOutline): Pick<FenceDraft, 'kind' | 'text' | 'size'> {
  const { kind } = outline;
  if (kind === 'polygon') return { kind, text: polygonsText(outline.coordinates), size: 200 };
  if (kind === 'circle') return { kind, text: placeText(outline.centre), size: outline.radius_m };
  return { kind, text: waysText(outline.lines), size: outline.half_width_m };
}

export function draftOf({ name, secrecy, plan: { outline, ...plan } }: Fence): FenceDraft {
  return { ...EMPTY_DRAFT, name, secrecy, plan, ...groundText(outline) };
}

/** The ground that a draft describes, or what is wrong with it. */
export function outlineOf({ kind, text, size }: FenceDraft): Read<FenceOutline> {
  if (kind === 'polygon') {
    const { value: coordinates, fault } = readPolygons(text);
    return coordinates ? { value: { kind, coordinates } } : { fault: fault as PlacesFault };
  }
  const metres = size ?? 0;
  if (kind === 'circle') {
    const { value: centre, fault } = readPlace(text);
    return centre ? { value: { kind, centre, radius_m: metres } } : { fault: fault as PlacesFault };
  }
  const { value: lines, fault } = readWays(text);
  return lines ? { value: { kind, lines, half_width_m: metres } } : { fault: fault as PlacesFault };
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** What is wrong with hours, as a key of words. */
export function scheduleFault(schedule: FenceSchedule | null | undefined): 'hours' | 'weekdays' | undefined {
  for (const { days, from, to } of schedule?.hours ?? []) {
    if (!CLOCK.test(from) || !CLOCK.test(to)) return 'hours';
    if (typeof days === 'object' && days.weekdays.length === 0) return 'weekdays';
  }
  return undefined;
}

export type DraftFaults = Partial<
  Record<'name' | 'size' | 'schedule' | 'forbidden', string> & { ground: PlacesFault }
>;

const NAME_LENGTH_MAX = 128;

/** Everything that is wrong with a draft before the server has seen it. */
export function faultsOf(draft: FenceDraft): DraftFaults {
  const faults: DraftFaults = {};
  const length = [...draft.name.trim()].length;
  if (length < 1 || length > NAME_LENGTH_MAX) faults.name = 'name';
  const { fault } = outlineOf(draft);
  if (fault) faults.ground = fault;
  if (draft.kind !== 'polygon' && !(draft.size && draft.size > 0)) faults.size = 'size';
  const schedule = scheduleFault(draft.plan.schedule);
  if (schedule) faults.schedule = schedule;
  const forbidden = scheduleFault(draft.plan.rules?.forbidden);
  if (forbidden) faults.forbidden = forbidden;
  return faults;
}

/** Without what is empty: no hours are no schedule, no figures no rule. */
function rulesOf(rules: FenceRules = {}): FenceRules {
  const { off_route: off, overspeed, forbidden, ...rest } = rules;
  return {
    ...rest,
    ...(off && (off.seconds || off.metres) ? { off_route: off } : {}),
    ...(overspeed ? { overspeed } : {}),
    ...(forbidden && forbidden.hours.length > 0 ? { forbidden } : {}),
  };
}

/** What is sent; nothing while something is wrong with it. */
export function planOf(draft: FenceDraft): FencePlan | undefined {
  const { value: outline } = outlineOf(draft);
  if (!outline || Object.keys(faultsOf(draft)).length > 0) return undefined;
  const { schedule, rules, ...rest } = draft.plan;
  const hasHours = schedule && schedule.hours.length > 0;
  return { ...rest, outline, rules: rulesOf(rules), ...(hasHours ? { schedule } : {}) };
}

export function createOf(draft: FenceDraft): CreateFence | undefined {
  const plan = planOf(draft);
  const { name, org, area, secrecy } = draft;
  return plan && { name: name.trim(), plan, secrecy, ...(org ? { org } : {}), ...(area ? { area } : {}) };
}
