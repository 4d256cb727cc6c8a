import type { BacktestEpisode } from '@yiwang/api/types/alarm-rule.ts';
import type { ChartBand } from '@yiwang/chart/option.ts';
import { type Threshold, thresholdsOf } from '../../../parts/condition-words.ts';

/** What an alarm of a back-test is called by: none has an id. */
export const episodeKey = (episode: BacktestEpisode): string => `${episode.device} ${episode.raised_at}`;

/** Alarms as stretches of time; what was open in the end lasts to the end. */
export const bandsOf = (
  episodes: readonly BacktestEpisode[],
  until: string,
  chosen: string | undefined,
): ChartBand[] =>
  episodes.map((episode) => {
    const id = episodeKey(episode);
    return {
      id,
      from: Date.parse(episode.raised_at),
      to: Date.parse(episode.cleared_at ?? until),
      tone: episode.severity === 'I' || episode.severity === 'II' ? 'bad' : 'warn',
      isChosen: id === chosen,
    };
  });

/** The thresholds that the alarms crossed and that may be drawn over a property. */
export function linesOf(episodes: readonly BacktestEpisode[], property: string): Threshold[] {
  const crossed = episodes.flatMap((one) => thresholdsOf(one.condition, one.readings, property));
  return crossed.filter((one, index) => crossed.findIndex(({ name }) => name === one.name) === index);
}

/** Before or after the event, and by how much. */
export const leadOf = (seconds: number): { key: 'lead' | 'lag'; ms: number } => ({
  key: seconds < 0 ? 'lag' : 'lead',
  ms: Math.abs(seconds) * 1000,
});
