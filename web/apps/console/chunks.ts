import { resolve } from 'node:path';

interface Meta {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** A module and all that it needs before it runs. */
function broughtBy(file: string, meta: Meta): Set<string> {
  const found = new Set<string>();
  const waiting = [resolve(import.meta.dirname, file)];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...(meta.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

let desk: Set<string> | undefined;
let citizen: Set<string> | undefined;

/**
 * What the console needs before it shows anything is put together in files of some size, what the citizen's page needs of
 * it apart: a browser asks for six files at a time, and by themselves these are seventy. The rest comes with its page.
 */
export function chunkOf(id: string, meta: Meta): string | null {
  desk ??= broughtBy('src/console.tsx', meta);
  citizen ??= broughtBy('src/citizen/citizen.tsx', meta);
  if (!desk.has(id)) return null;
  return citizen.has(id) ? 'common' : 'desk';
}
