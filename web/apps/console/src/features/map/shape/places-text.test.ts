import { describe, expect, it } from 'vitest';
import { placeText, polygonsText, readPlace, readPolygons, readWays, waysText } from './places-text.ts';

const SQUARE = '120,31\n121,31\n121,32';

describe('places that are typed', () => {
  it('are a ring, closed where it was not', () => {
    const { value } = readPolygons(SQUARE);
    expect(value).toEqual([
      [
        [
          [120, 31],
          [121, 31],
          [121, 32],
          [120, 31],
        ],
      ],
    ]);
    expect(polygonsText(value ?? [])).toBe(SQUARE);
    expect(readPolygons(`${SQUARE}\n120,31`).value).toEqual(value);
  });

  it('are several polygons with holes, and come back as they were written', () => {
    const text = `${SQUARE}\n\n!\n120.1,31.1\n120.2,31.1\n120.2,31.2\n\n122,31\n123,31\n123,32`;
    const { value } = readPolygons(text);
    expect(value?.map((rings) => rings.length)).toEqual([2, 1]);
    expect(polygonsText(value ?? [])).toBe(text);
  });

  it('may be parted by a comma of either kind, or by room', () => {
    expect(readWays('120.5，31.5\n121 32').value).toEqual([
      [
        [120.5, 31.5],
        [121, 32],
      ],
    ]);
  });

  it('say which line is wrong', () => {
    expect(readWays('120,31\n121').fault).toEqual({ key: 'line', values: { line: 2, text: '121' } });
    expect(readPlace('31,120').fault?.key).toBe('line');
    expect(readPlace('').fault?.key).toBe('none');
    expect(readPolygons('120,31\n121,31').fault).toEqual({ key: 'few', values: { count: 3 } });
    expect(readPolygons(`!\n${SQUARE}`).fault?.key).toBe('hole');
  });

  it('are written with no more digits than a hand can mean', () => {
    expect(placeText([120.123456789, 31])).toBe('120.1234568,31');
    expect(waysText([[[1, 2]], [[3, 4]]])).toBe('1,2\n\n3,4');
  });
});
