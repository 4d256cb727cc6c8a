export interface Difference {
  /** Where, `thresholds.0.alarm.value`. */
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** Everything in an entry by its place. */
function leaves(value: unknown, path: string, found: Map<string, string>): Map<string, string> {
  if (value !== null && typeof value === 'object') {
    const isPlain = Array.isArray(value) && value.every((one) => one === null || typeof one !== 'object');
    if (isPlain) found.set(path, JSON.stringify(value));
    else for (const [key, one] of Object.entries(value)) leaves(one, path ? `${path}.${key}` : key, found);
  } else if (value !== undefined) found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  return found;
}

/** What differs between two entries, in order of place. */
export function differences(before: object, after: object): Difference[] {
  const [old, now] = [leaves(before, '', new Map()), leaves(after, '', new Map())];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((one) => one.before !== one.after);
}
