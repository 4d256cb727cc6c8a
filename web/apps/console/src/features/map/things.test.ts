import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.ts';
import { countsOf, listed, type Thing, type ThingWords, thingOf } from './things.ts';

const component: Layer = {
  code: 'component',
  name: { zh: '城市部件' },
  geometry: 'point',
  content: 'components',
  states: [
    { code: 'intact', name: { zh: '完好' }, color: '#2f9e5b' },
    { code: 'damaged', name: { zh: '破损' }, color: '#d9822b' },
  ],
  min_zoom: 8,
  max_zoom: 17,
  style: { color: '#2f7dd1' },
  shown: true,
  searched: true,
  verified: false,
  features: 2,
  is_kept: true,
  version: 1,
};
const device: Layer = { ...component, code: 'device', content: 'devices', states: [] };
const layers = new Map([component, device].map((layer) => [layer.code, layer]));
const words: ThingWords = {
  layer: (code) => layers.get(code)?.name.zh ?? code,
  kind: (_, code) => (code === '0101' ? '上水井盖' : code),
  state: (layer, code) => layers.get(layer)?.states?.find((one) => one.code === code)?.name.zh ?? code,
  own: (_: string, code: string) => code,
  status: (code) => code,
};
const drawn = (more: Partial<Drawn>): Drawn => ({
  layer: 'component',
  id: '3202810101000001',
  form: 'point',
  lon: 120.1,
  lat: 31.9,
  count: 1,
  facts: {},
  ...more,
});

describe('a line of the list', () => {
  it('names a thing by its kind where it has no name', () => {
    const thing = thingOf(drawn({ facts: { kind: '0101', state: 'damaged' } }), layers, words);
    expect(thing).toMatchObject({
      name: '上水井盖',
      note: '3202810101000001',
      state: '破损',
      color: '#d9822b',
    });
  });

  it('takes the first state where none is told', () =>
    expect(thingOf(drawn({}), layers, words).state).toBe('完好'));

  it('says of several drawn as one what is wrong among them', () => {
    const facts = { count: 970, 'state:intact': 954, 'state:damaged': 16 };
    const thing = thingOf(drawn({ form: 'cluster', id: '~1,2', count: 970, facts }), layers, words);
    expect(thing).toMatchObject({ name: '城市部件', count: 970, state: '破损 16' });
  });

  it('knows a device by its id', () =>
    expect(thingOf(drawn({ layer: 'device', id: '55', facts: { id: 'uuid' } }), layers, words).id).toBe(
      'uuid',
    ));
});

const line = (more: Partial<Thing>): Thing => ({
  ...thingOf(drawn({}), layers, words),
  ...more,
});

it('the list has alarms and cases first and nothing twice', () => {
  const list = listed(
    [line({}), line({}), line({ layer: 'cases', id: 'c' }), line({ layer: 'alarms', id: 'a' })],
    ['component'],
  );
  expect(list.map((one) => one.layer)).toEqual(['alarms', 'cases', 'component']);
  expect(countsOf([line({}), line({ count: 9, id: '~' })])).toEqual([['component', 10]]);
});

it('a table for spreadsheets runs nothing and keeps commas', () => {
  const text = csvOf(['图层', '名称'], [line({ name: '=1+1', note: 'a,"b"' })], words.layer);
  expect(text).toContain(`城市部件,'=1+1,"a,""b""",完好,120.100000,31.900000`);
  expect(text.startsWith('\uFEFF图层,名称\r\n')).toBe(true);
});
