import { expect, it } from 'vitest';
import { opacitiesOf } from './fade.ts';

it('a layer that is faded keeps what its style says of its parts', () => {
  const fill = { id: 'a', type: 'fill' as const, source: 's', paint: { 'fill-opacity': 0.2 } };
  expect(opacitiesOf(fill, 0.5)).toEqual([['fill-opacity', 0.1]]);
  const circle = { id: 'b', type: 'circle' as const, source: 's', paint: { 'circle-stroke-opacity': 0.8 } };
  expect(opacitiesOf(circle, 0.5)).toEqual([
    ['circle-opacity', 0.5],
    ['circle-stroke-opacity', 0.4],
  ]);
  expect(opacitiesOf({ id: 'c', type: 'background' }, 0.5)).toEqual([]);
});
