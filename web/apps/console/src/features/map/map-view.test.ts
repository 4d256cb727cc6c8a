import { describe, expect, it } from 'vitest';
import {
  cameraText,
  chosenOf,
  chosenText,
  formText,
  opacityText,
  restacked,
  shownText,
  stacked,
  switched,
  viewOf,
} from './map-view.ts';

describe('what the address says of the map', () => {
  it('is nothing at first', () =>
    expect(viewOf({})).toEqual({
      camera: undefined,
      shown: undefined,
      chosen: undefined,
      at: undefined,
      tab: 'layers',
      opacity: new Map(),
      stack: [],
      trail: undefined,
      isFollowed: false,
      form: undefined,
    }));

  it('comes back as it was written', () => {
    const camera = { lon: 120.28512, lat: 31.91081, zoom: 13.25 };
    const view = viewOf({
      c: cameraText(camera),
      on: shownText(['town', 'cases']),
      sel: chosenText({ layer: 'component', id: '3202810101000001' }),
      at: '2026-11-25T08:00:00+08:00',
      tab: 'list',
      op: opacityText(
        new Map([
          ['component', 60],
          ['road', 100],
        ]),
      ),
      ord: 'road,component',
      trail: '4',
      follow: '1',
      form: formText({ what: 'fence', of: '' }),
    });
    expect(view).toEqual({
      camera,
      shown: ['town', 'cases'],
      chosen: { layer: 'component', id: '3202810101000001' },
      at: '2026-11-25T00:00:00.000Z',
      tab: 'list',
      opacity: new Map([['component', 60]]),
      stack: ['road', 'component'],
      trail: 4,
      isFollowed: true,
      form: { what: 'fence', of: '' },
    });
  });

  it('that makes no sense is passed over', () => {
    expect(viewOf({ c: '500,31,9', sel: 'component:', at: 'yesterday', tab: 'other' })).toMatchObject({
      camera: undefined,
      chosen: undefined,
      at: undefined,
      tab: 'layers',
    });
    expect(viewOf({ c: '120,31' }).camera).toBeUndefined();
    expect(chosenOf(':7')).toBeUndefined();
    expect(viewOf({ op: 'road:200,x', trail: '7', form: 'feature:' })).toMatchObject({
      opacity: new Map(),
      trail: undefined,
      form: undefined,
    });
  });

  it('tells no layer from nothing said', () => {
    expect(shownText([])).toBe('none');
    expect(viewOf({ on: 'none' }).shown).toEqual([]);
  });
});

it('a layer that is switched on takes its place in the tree', () => {
  const order = ['town', 'device', 'cases'];
  expect(switched(['cases'], 'town', order)).toEqual(['town', 'cases']);
  expect(switched(['town', 'cases'], 'cases', order)).toEqual(['town']);
});

it('a layer goes one place up or down among its like, and new ones lie below those that were put', () => {
  expect(restacked(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(restacked(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
  expect(stacked(['a', 'b', 'c'], ['c', 'gone'])).toEqual(['c', 'a', 'b']);
});
