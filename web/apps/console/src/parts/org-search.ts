import type { OrgBrief, Text } from '@yiwang/api/types/shared.ts';

/** Everything that somebody may type to find a unit. */
export function searchTextOf(org: OrgBrief): string {
  return [org.name.zh, org.name.en, org.code, org.pinyin].filter(Boolean).join(' ').toLowerCase();
}

/** How well a unit fits what was typed, the best first: its code, then its name from the start, then anywhere. */
export function rank(org: { code: string; label: string }, typed: string): number {
  const text = typed.trim().toLowerCase();
  if (org.code.toLowerCase() === text) return 0;
  const starts = org.label.toLowerCase().startsWith(text) || org.code.toLowerCase().startsWith(text);
  return (starts ? 100 : 200) + Math.min(org.label.length, 90);
}

/** The units above, the nearest first, without the city itself. */
export function pathOf(org: OrgBrief, byId: ReadonlyMap<string, OrgBrief>): Text[] {
  const path: Text[] = [];
  let at = org.parent_id ? byId.get(org.parent_id) : undefined;
  while (at && path.length < 6) {
    if (at.parent_id || path.length === 0) path.push(at.name);
    at = at.parent_id ? byId.get(at.parent_id) : undefined;
  }
  return path;
}
