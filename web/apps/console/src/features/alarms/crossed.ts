import type { AlarmPicture } from '@yiwang/api/types/alerting.ts';
import { type Threshold, thresholdsOf } from '../../parts/condition-words.ts';

/** The thresholds of all levels that may be drawn over a property's values, each once, as they were in force then. */
export function crossedIn(
  picture: Pick<AlarmPicture, 'levels' | 'thresholds'>,
  property: string,
): Threshold[] {
  const found = picture.levels.flatMap(({ when }) => thresholdsOf(when, picture.thresholds, property));
  return found.filter((one, index) => found.findIndex(({ name }) => name === one.name) === index);
}
