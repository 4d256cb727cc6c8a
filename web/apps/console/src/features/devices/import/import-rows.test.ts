import { expect, it } from 'vitest';
import { readCsv, textOfBytes } from './csv.ts';
import { readImport, wrongRows } from './import-rows.ts';

const words = {
  profiles: new Map([['雨量站', 'rain-gauge']]),
  orgs: new Map([['水利局', 'slj']]),
};

it('reads a table with quotes, and knows its lines', () => {
  const text = '\uFEFFcode,name\r\n"a,1","say ""hi""\nagain"\r\n\r\nb,second\n';
  expect(readCsv(text)).toEqual([
    { line: 1, cells: ['code', 'name'] },
    { line: 2, cells: ['a,1', 'say "hi"\nagain'] },
    { line: 5, cells: ['b', 'second'] },
  ]);
  expect(readCsv('a\tb\n1\t2,3')[1]?.cells).toEqual(['1', '2,3']);
});

it('reads files of old spreadsheets', () => {
  expect(textOfBytes(new TextEncoder().encode('编码'))).toBe('编码');
  expect(textOfBytes(new Uint8Array([0xb1, 0xe0, 0xc2, 0xeb]))).toBe('编码');
});

it('makes devices of a table in the words of the city', () => {
  const text =
    '编码,名称,类型,接入方式,权属单位,经度,纬度,检定到期,参数.warn\nR1,雨量一,雨量站,JT/T 808,水利局,120.3,31.9,2027/3/1,3.2';
  const { rows, faults, kind } = readImport(text, words);
  expect([kind, faults]).toEqual(['csv', []]);
  expect(rows[0]).toEqual({
    row: 2,
    code: 'R1',
    faults: [],
    body: {
      code: 'R1',
      name: '雨量一',
      profile: 'rain-gauge',
      protocol: 'jt808',
      org: 'slj',
      position: { lon: 120.3, lat: 31.9 },
      calibration_due: '2027-02-28T16:00:00.000Z',
      attributes: { warn: 3.2 },
    },
  });
});

it('knows protocols as people write them', () => {
  const protocol = (word: string) =>
    readImport(`code,name,profile,protocol\na,b,c,${word}`, words).rows[0]?.body.protocol;
  expect(
    ['MQTT', 'HJ212', 'HJ 212-2017', 'SL651', 'SL 651-2014', 'JT/T 808', 'GB/T 26875', 'http'].map(protocol),
  ).toEqual(['mqtt', 'hj212', 'hj212', 'sl651', 'sl651', 'jt808', 'gb26875', 'http']);
});

it('says what is wrong by row and field', () => {
  const text = [
    'code,name,profile,protocol,lon,lat,secrecy,calibrated_at',
    'a,A,rain-gauge,lora,120,31,1,',
    ',B,rain-gauge,mqtt,120,,x,2027-13-41',
    'c,C,rain-gauge,mqtt,1200,31,,,surplus',
  ].join('\n');
  const { rows } = readImport(text, words);
  expect(rows.map(({ row, faults }) => [row, faults.map(({ path, code }) => `${path} ${code}`)])).toEqual([
    [2, ['/protocol unknown']],
    [3, ['/secrecy malformed', '/calibrated_at malformed', '/code missing', '/lat missing']],
    [4, ['/lon out_of_range', ' too_many_cells']],
  ]);
});

it('says what is wrong with the whole', () => {
  const codes = (text: string) => readImport(text, words).faults.map(({ path, code }) => `${path} ${code}`);
  expect(codes('')).toEqual([
    '/code missing_column',
    '/name missing_column',
    '/profile missing_column',
    '/protocol missing_column',
  ]);
  expect(codes('code,name,profile,protocol,colour\n')).toEqual([' unknown_column']);
  expect(codes('code,name,profile,protocol\n')).toEqual([' nothing']);
  expect(codes('[{]')).toEqual([' malformed_json']);
  expect(codes('[]')).toEqual([' nothing']);
});

it('reads lists, wrapped lists and one object on each line', () => {
  const one = {
    code: 'a',
    name: 'A',
    profile: 'p',
    protocol: 'mqtt',
    position: { lon: 1, lat: 2 },
    attributes: { warn: 1 },
  };
  const body = { ...one };
  for (const text of [JSON.stringify([one]), JSON.stringify({ devices: [one] }), JSON.stringify(one)])
    expect(readImport(text, words).rows).toEqual([{ row: 1, code: 'a', body, faults: [] }]);
  const lines = `${JSON.stringify(one)}\n\n{"code": oops}\n`;
  const { rows } = readImport(lines, words);
  expect(rows.map(({ row, faults }) => [row, faults[0]?.code])).toEqual([
    [1, undefined],
    [3, 'malformed_json'],
  ]);
  const odd = readImport(JSON.stringify([{ ...one, colour: 1 }, 'x', { ...one, attributes: 3 }]), words);
  expect(odd.rows.map((row) => row.faults.map(({ path, code }) => `${path} ${code}`))).toEqual([
    ['/colour unknown_field'],
    [' malformed'],
    ['/attributes malformed'],
  ]);
});

it('puts what the server said where it stands in the file', () => {
  const { rows } = readImport('code,name,profile,protocol\na,A,p,nope\nb,B,p,mqtt\nc,C,p,mqtt', words);
  const sent = rows.filter((row) => row.faults.length === 0);
  const taken = [{ path: '/code', code: 'taken', message: '' }];
  expect(
    wrongRows(rows, sent, [{ line: 2, code: 'c', faults: taken }]).map(({ row, code }) => [row, code]),
  ).toEqual([
    [2, 'a'],
    [4, 'c'],
  ]);
});
