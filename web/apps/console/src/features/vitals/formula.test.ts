import { readdirSync, readFileSync } from 'node:fs';
import type { VitalFormula } from '@yiwang/api/types/vital-formula.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import { en, zh } from '@yiwang/i18n/resources.ts';
import { formulaText } from '@yiwang/widgets/explain/formula.ts';
import type { FormulaNames } from '@yiwang/widgets/explain/formula-names.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const translate =
  (words: object): Translate =>
  (key, values = {}) => {
    const found = key
      .split('.')
      .reduce<unknown>((tree, part) => (tree as Record<string, unknown>)?.[part], words);
    if (typeof found !== 'string') return key;
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };

const KNOWN: Record<string, string> = {
  'ponding-gauge': '积水监测点',
  'rain-gauge': '雨量站',
  A08a: '最低路面温度',
};
const namesIn = (t: Translate): FormulaNames => ({
  t,
  profile: (code) => KNOWN[code] ?? code,
  property: (_, code) => (code === 'depth' ? { name: '积水深度', unit: 'm' } : { name: code, unit: '' }),
  item: (code) => code,
  rule: (code) => code,
  channel: (code) => translate(zh)(`terms.source.${code}`),
  indicator: (code) => KNOWN[code] ?? code,
});
const chinese = (formula: VitalFormula) => formulaText(formula, namesIn(translate(zh)), true);

describe('a formula for people', () => {
  it('says which devices, what of them, and from when on a value is too old', () => {
    const said = chinese({
      last: {
        ...{ profiles: ['ponding-gauge'], property: 'depth', aggregate: 'count', max_age: '10m' },
        where: { op: '>=', value: 0.15 },
      },
    });
    expect(said?.text).toBe(
      '「积水监测点」最近一次的「积水深度」，数不低于 0.15 m 的有几台；超过 10 分钟的值不计',
    );
    expect(said?.codes).toBe('ponding-gauge.depth');
  });

  it('says which cases, and which of them', () => {
    const said = chinese({
      cases: {
        ...{ channels: ['hotline'], state: 'opened', over: '24h' },
        measure: { share: { numerator: ['answered_at_desk'], denominator: ['valid'] } },
      },
    });
    expect(said?.text).toBe(
      '过去 24 小时受理的、来自 12345 热线 的案件中，当场直接答复的占有效（未被退、未撤）的百分比',
    );
  });

  it('writes a choice case by case, its parts below', () => {
    const said = chinese({
      derived: {
        expr: 'ice >= 1.0 ? 3.0 : (a08a < 0.0 && wet >= 1.0 ? 2.0 : (a08a <= 2.0 ? 1.0 : 0.0))',
        uses: ['A08a'],
        facts: { ice: { feed: { feed: 'weather.road_ice' } }, wet: { feed: { feed: 'weather.road_wet' } } },
      },
    });
    expect(said?.text).toBe(
      '甲 ≥ 1 时为 3；「最低路面温度」 < 0 且 乙 ≥ 1 时为 2；「最低路面温度」 ≤ 2 时为 1；否则 0，其中：',
    );
    expect(said?.parts[1]).toEqual({ mark: '乙', text: '单位报送的数（weather.road_wet）' });
  });

  const FOLDER = new URL('../../../../../../packs/vitals/indicators/', import.meta.url);
  const entries = readdirSync(FOLDER).flatMap(
    (file) =>
      parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { code: string; formula?: VitalFormula }[],
  );
  const formulas = entries.flatMap(({ code, formula }) => (formula ? [{ code, formula }] : []));

  it.each([
    ['zh', zh, true],
    ['en', en, false],
  ] as const)('has words for everything that the city computes (%s)', (_, words, isChinese) => {
    expect(formulas.length).toBeGreaterThan(150);
    const odd = formulas.filter(({ formula }) => {
      const said = formulaText(formula, namesIn(translate(words)), isChinese);
      const all = [said?.text, ...(said?.parts ?? []).map(({ text }) => text)].join(' ');
      return !said?.text || /vitals\.|\{\{|undefined|\[object/.test(all);
    });
    expect(odd.map(({ code }) => code)).toEqual([]);
  });
});
