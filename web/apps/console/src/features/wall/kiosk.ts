/** How a wall runs by itself, as its address says. */
export interface Kiosk {
  isOn: boolean;
  /** Seconds that each screen stays; nothing where there is one only. */
  rotate: number | undefined;
  /** The screens of the rotation; all where none is named. */
  screens: string[];
}

const ROTATE_MIN = 5;
const ROTATE_MAX = 3_600;

export function kioskOf(search: Record<string, string | undefined>): Kiosk {
  const seconds = Number(search.rotate);
  return {
    isOn: search.kiosk === '1',
    rotate:
      Number.isFinite(seconds) && seconds > 0
        ? Math.min(ROTATE_MAX, Math.max(ROTATE_MIN, seconds))
        : undefined,
    screens: search.screens?.split(',').filter(Boolean) ?? [],
  };
}

/** The screens that a rotation goes through: those named that there are, else all. */
export function rotationOf(named: readonly string[], known: readonly string[]): string[] {
  const there = named.filter((code) => known.includes(code));
  return there.length > 0 ? there : [...known];
}

/** The one after; the first where the one shown is none of them. */
export function nextOf(rotation: readonly string[], code: string): string | undefined {
  return rotation[(rotation.indexOf(code) + 1) % Math.max(1, rotation.length)];
}

const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;
const NIGHT_HOUR = 4;
/** A page that is younger was loaded for the night already. */
const AGE_MIN_MS = 6 * 3_600_000;

/** Whether a page should be loaded again for the night: once, at four by the city's clock. */
export function isNightly(now: number, loadedAt: number): boolean {
  const hour = Math.floor(((((now + OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS) / 3_600_000);
  return hour === NIGHT_HOUR && now - loadedAt >= AGE_MIN_MS;
}
