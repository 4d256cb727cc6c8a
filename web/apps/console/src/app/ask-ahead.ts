import type { QueryClient } from '@tanstack/react-query';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import { screenQuery, screensQuery } from '@yiwang/api/screen-api.ts';
import { meQuery } from '@yiwang/api/session-api.ts';

/** Asks side by side for what a wall or the map would ask one after the other, once it is known who is there. */
export async function askAhead(client: QueryClient, path: string): Promise<void> {
  const me = await client.fetchQuery(meQuery).catch(() => null);
  if (!me || me.must_change_password) return;
  const [, first, code] = path.split('/');
  if (first === 'wall' && me.actions.includes('screens.read')) {
    void client.prefetchQuery(screensQuery);
    if (code) void client.prefetchQuery(screenQuery(decodeURIComponent(code)));
  }
  if ((first === 'wall' || first === 'map') && me.actions.includes('geo.read'))
    void client.prefetchQuery(layersQuery);
}
