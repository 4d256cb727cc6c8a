import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { cases } from './refusals/cases.ts';
import { city } from './refusals/city.ts';
import { edge } from './refusals/edge.ts';
import { faults, fields } from './refusals/fields.ts';
import { tell } from './refusals.ts';
import * as words from './resources.ts';

const refusals = { ...cases, ...city, ...edge };
const sentences = { refusals, faults, fields };
const late = (data?: unknown) => ({
  status: 409,
  code: 'incident.return_too_late',
  title: '冲突 (conflict)',
  detail: 'returns had to be asked for by 2026-11-27T01:00:00Z',
  data,
});

/** The codes that the server's sources give to what is refused. */
function codesOfServer(): Set<string> {
  const root = join(import.meta.dirname, '../../../..');
  const folders = ['apps/server/src', ...['platform', 'domains'].flatMap((part) => sourcesIn(root, part))];
  const codes = new Set<string>();
  for (const folder of folders)
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
      if (entry.endsWith('.rs') && !/tests?(\/|\.rs$)|testing/.test(entry))
        for (const code of codesIn(readFileSync(join(root, folder, entry), 'utf8'))) codes.add(code);
  return codes;
}

const sourcesIn = (root: string, part: string) =>
  readdirSync(join(root, part), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(part, name, 'src'));

const CODE = /"([a-z0-9_]+\.[a-z0-9_]+)"/g;

function codesIn(source: string): string[] {
  const shipped = source.split(/#\[cfg\(test\)\]\nmod \w+ \{/)[0] ?? '';
  const parts = [
    ...shipped.matchAll(/fn code\(&self\) -> &'static str \{.*?\n {4}\}/gs),
    ...shipped.matchAll(/(?:OtherFault|Problem)::new\(\s*[^,]+,\s*"[^"]+"/g),
    ...shipped.matchAll(/StatusCode::\w+ => \(\s*"[^"]+"/g),
  ];
  return parts.flatMap(([part]) => [...part.matchAll(CODE)].map((found) => found[1] ?? ''));
}

describe('what is refused', () => {
  beforeAll(() =>
    i18next.init({
      lng: 'zh-CN',
      resources: { 'zh-CN': { translation: words.zh }, en: { translation: words.en } },
    }),
  );

  it('has a sentence for every code of the server', () => {
    const codes = codesOfServer();
    expect(codes.size).toBeGreaterThan(150);
    expect([...codes].filter((code) => !refusals[code]).sort()).toEqual([]);
    // These two are made where no code is given.
    expect(Object.keys(refusals).filter((code) => !codes.has(code))).toEqual(['http.refused', 'internal']);
  });

  it('has a sentence in Chinese, with an end', () => {
    const odd = Object.entries(refusals).filter(([, text]) => !/\p{Script=Han}.*。$/u.test(text));
    expect(odd).toEqual([]);
  });

  it('is told with its facts, and by the server where one is missing', () => {
    expect(tell(late({ until: '2026-11-27T01:00:00Z' }), sentences).text).toBe(
      '退回须在 2026-11-27 09:00:00 前提出。',
    );
    expect(tell(late(), sentences)).toEqual({ text: late().detail, fields: [] });
  });

  it('is told in the words of the field', () => {
    const status = { ...late({ status: 'closed' }), code: 'incident.wrong_status' };
    expect(tell(status, sentences).text).toBe('案件现在是“已结案”，不能办这一步。');
  });

  it('says what is wrong with a field, and keeps what the server says', () => {
    const told = tell(
      {
        status: 422,
        code: 'sensing.invalid',
        title: '',
        detail: 'what was sent is not right',
        fields: [
          { path: '/secrecy', code: 'out_of_range', message: 'must be 1 to 4' },
          { path: '/posts/2/org_id', code: 'unknown', message: 'there is no such unit' },
          { path: '/odd', code: 'odd', message: 'very odd' },
        ],
      },
      sentences,
    );
    expect(told.fields).toEqual([
      { name: '密级', words: '应为 1 至 4' },
      { name: '单位', words: '查无此项' },
      { name: '/odd', words: 'very odd' },
    ]);
    expect(told.said).toBe(
      'what was sent is not right · /secrecy must be 1 to 4 · /posts/2/org_id there is no such unit · /odd very odd',
    );
  });

  it('is what the server says for a reader of English', async () => {
    await i18next.changeLanguage('en');
    expect(tell(late({ until: '2026-11-27T01:00:00Z' }), sentences)).toEqual({
      text: late().detail,
      fields: [],
    });
    await i18next.changeLanguage('zh-CN');
  });

  it('tells of a line that is down and of an answer from in between', () => {
    const none = { title: '', data: undefined };
    expect(tell({ ...none, status: 0, code: 'network' }, sentences).text).toContain('连接不上');
    expect(tell({ ...none, status: 502, code: 'http.502' }, sentences).text).toContain('502');
  });
});
