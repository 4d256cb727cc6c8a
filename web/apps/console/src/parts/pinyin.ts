/** How well a name answers what was typed in pinyin: from its first syllable on, or from a later one. */
export type Fit = 'start' | 'within';

/** Letters and digits of what was typed; nothing when it is something else, such as Chinese. */
function lettersOf(typed: string): string | undefined {
  const letters = typed.toLowerCase().replace(/[\s']/g, '').replaceAll('ü', 'v');
  return /^[a-z0-9]+$/.test(letters) ? letters : undefined;
}

/** ü is typed `v`, or `u` by those who do not know that. */
const same = (typed: string | undefined, said: string | undefined): boolean =>
  typed === said || (typed === 'u' && said === 'v');

/** Is `typed` made of a beginning of each syllable in turn? Goes through the places that can have been reached. */
function runs(syllables: readonly string[], typed: string): boolean {
  let reached = new Set([0]);
  for (const syllable of syllables) {
    const next = new Set<number>();
    for (const at of reached) {
      for (let n = 0; n < syllable.length && same(typed[at + n], syllable[n]); n += 1) next.add(at + n + 1);
    }
    if (next.has(typed.length)) return true;
    reached = next;
  }
  return false;
}

/** As the server searches: initials, whole syllables or a mixture; a single letter must be the first. */
export function pinyinFit(readings: readonly string[], typed: string): Fit | undefined {
  const letters = lettersOf(typed);
  if (!letters) return undefined;
  let within: Fit | undefined;
  for (const reading of readings) {
    const syllables = reading.split(' ');
    if (runs(syllables, letters)) return 'start';
    if (letters.length > 1 && syllables.some((_, at) => at > 0 && runs(syllables.slice(at), letters))) {
      within = 'within';
    }
  }
  return within;
}

/** The first Chinese character, in the order of pinyin, of each letter that syllables begin with. */
const FIRSTS = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀';
const LETTERS = 'abcdefghjklmnopqrstwxyz';
/** Read in two ways; the order of pinyin knows only one of them. */
const ALSO: Record<string, string> = { 重: 'c', 长: 'c', 行: 'h', 调: 'd', 率: 's' };
const byPinyin = new Intl.Collator('zh-u-co-pinyin');

function initialOf(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  let letter = '';
  for (const [at, first] of Array.from(FIRSTS).entries())
    if (byPinyin.compare(first, character) <= 0) letter = LETTERS[at] ?? '';
  return letter + (ALSO[character] ?? '');
}

/** Whether the initials of a name that has no readings contain what was typed: `bjl` finds 办结率. */
export function initialsFit(name: string, typed: string): boolean {
  const letters = lettersOf(typed);
  if (!letters) return false;
  const initials = Array.from(name, initialOf).filter((one) => /^[a-z0-9]/.test(one));
  const isAt = (start: number) => [...letters].every((letter, at) => initials[start + at]?.includes(letter));
  return initials.some((_, start) => isAt(start));
}
