import type { Layer } from '@yiwang/api/types/geo.ts';
import { expect, it } from 'vitest';
import { EMPTY_FEATURE, featureOf, geometryOf } from './feature-draft.ts';

const layer = {
  geometry: 'point',
  attributes: [
    { code: 'lanes', name: { zh: '车道' }, kind: 'number' },
    { code: 'lit', name: { zh: '亮' }, kind: 'flag' },
    { code: 'note', name: { zh: '备注' } },
  ],
} as Layer;

it('a feature is sent with what was filled in, each as what the layer declares', () => {
  const attributes = { lanes: '4', lit: false, note: ' ' };
  const draft = { ...EMPTY_FEATURE, text: '120.28,31.91', name: ' 井 ', attributes };
  expect(featureOf(layer, draft)).toEqual({
    name: '井',
    secrecy: 1,
    geometry: { type: 'Point', coordinates: [120.28, 31.91] },
    attributes: { lanes: 4, lit: false },
  });
  expect(featureOf(layer, { ...draft, attributes: { lanes: 'four' } })?.attributes).toEqual({
    lanes: 'four',
  });
  expect(featureOf(layer, EMPTY_FEATURE)).toBeUndefined();
});

it('one part is one geometry, several are a geometry of several', () => {
  expect(geometryOf('line', '1,2\n3,4').value?.type).toBe('LineString');
  expect(geometryOf('line', '1,2\n3,4\n\n5,6\n7,8').value?.type).toBe('MultiLineString');
  expect(geometryOf('area', '1,2\n3,4\n3,2').value?.type).toBe('Polygon');
  expect(geometryOf('area', '1,2').fault?.key).toBe('few');
});
