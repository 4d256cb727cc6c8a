import { describe, expect, it } from 'vitest';
import { cameraText, chosenOf, chosenText, shownText, switched, viewOf } from './map-view.ts';

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
    });
    expect(view).toEqual({
      camera,
      shown: ['town', 'cases'],
      chosen: { layer: 'component', id: '3202810101000001' },
      at: '2026-11-25T00:00:00.000Z',
      tab: 'list',
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
