import { expect, it } from 'vitest';
import { initialsFit, pinyinFit } from './pinyin.ts';

const bureau = ['jiang yin shi cheng shi guan li ju'];

it('finds a name by initials, whole syllables and mixtures', () => {
  for (const typed of ['jyscsglj', 'jiangyin', 'jiangyinshicheng', 'JYS', 'jiang yin', 'j']) {
    expect(pinyinFit(bureau, typed), typed).toBe('start');
  }
  for (const typed of ['csglj', 'chengshiguanli', 'glj', 'yinshi']) {
    expect(pinyinFit(bureau, typed), typed).toBe('within');
  }
  for (const typed of ['g', 'jyx', '江阴', '', 'jyscsgljx', 'chengguan']) {
    expect(pinyinFit(bureau, typed), typed).toBeUndefined();
  }
});

it('takes every reading of a name, and u for v', () => {
  const road = ['zhong qing lu', 'chong qing lu'];
  expect(pinyinFit(road, 'zql')).toBe('start');
  expect(pinyinFit(road, 'cqlu')).toBe('start');
  expect(pinyinFit(['lv hua'], 'luhua')).toBe('start');
});

it('finds a name without readings by its initials', () => {
  const name = '1小时降雨量（最大站）';
  for (const typed of ['1xs', 'xsjyl', 'JYL', 'zdz']) expect(initialsFit(name, typed), typed).toBe(true);
  for (const typed of ['xj', '降雨', '', 'lyj']) expect(initialsFit(name, typed), typed).toBe(false);
  expect(initialsFit('重复诉求量', 'cfsql')).toBe(true);
  expect(initialsFit('高发小类 TOP5', 'xltop5')).toBe(true);
});
