import type { OrgBrief, Text } from '@yiwang/api/types/shared.ts';
import { pinyinFit } from './pinyin.ts';

/** What somebody may type to find something: words, or the beginnings of its syllables. */
export interface Findable {
  label: string;
  search: string;
  pinyin?: readonly string[];
}

export function finds(typed: string, option: Findable | undefined): boolean {
  const text = typed.trim().toLowerCase();
  if (!option) return false;
  return option.search.includes(text) || pinyinFit(option.pinyin ?? [], text) !== undefined;
}

/** How well it fits, the best first: its code, its name from the start, its pinyin, then anything else. */
export function rank(option: Findable & { code?: string }, typed: string): number {
  const text = typed.trim().toLowerCase();
  const code = option.code?.toLowerCase() ?? '';
  if (code === text) return 0;
  const starts = option.label.toLowerCase().startsWith(text) || (code !== '' && code.startsWith(text));
  const isPinyin = !starts && pinyinFit(option.pinyin ?? [], text) === 'start';
  return (starts ? 100 : isPinyin ? 200 : 300) + Math.min(option.label.length, 90);
}

/** Everything in words that somebody may type to find a unit. */
export function searchTextOf(org: OrgBrief): string {
  return [org.name.zh, org.name.en, org.code].filter(Boolean).join(' ').toLowerCase();
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
