import type { QueryClient } from '@tanstack/react-query';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import { screenQuery, screensQuery } from '@yiwang/api/screen-api.ts';
import { meQuery } from '@yiwang/api/session-api.ts';

/**
 * Asks who is there, and then side by side for what a wall or the map would ask one after the other. Ends when all have
 * answered, well or not.
 */
export async function askAhead(client: QueryClient, path: string): Promise<void> {
  const me = await client.fetchQuery(meQuery);
  if (!me || me.must_change_password) return;
  const [, first, code] = path.split('/');
  const isWall = first === 'wall' && me.actions.includes('screens.read');
  const isMap = first === 'map' || isWall;
  await Promise.all([
    isWall && client.prefetchQuery(screensQuery),
    isWall && code && client.prefetchQuery(screenQuery(decodeURIComponent(code))),
    isMap && me.actions.includes('geo.read') && client.prefetchQuery(layersQuery),
  ]);
}
