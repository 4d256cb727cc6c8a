const page = {
  wall: () => import('../features/wall/wall-page.tsx'),
  map: () => import('../features/map/map-page.tsx'),
};
/** Both at a time: the first alone would only then ask for the second. */
const board = async () => {
  const [late] = await Promise.all([
    import('@yiwang/map/board/late-board.tsx'),
    import('@yiwang/map/board/map-board.tsx'),
  ]);
  await late.fetchBoard();
};

/** Begins to fetch the code of the page that was asked for while the console's own is still on its way. */
export function fetchAhead(path: string): void {
  const [, first, , edit] = path.split('/');
  if (edit || (first !== 'wall' && first !== 'map')) return;
  // Who waits for it asks again and hears what is wrong.
  for (const part of [page[first], board]) part().catch(() => undefined);
}
