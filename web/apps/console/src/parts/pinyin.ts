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
