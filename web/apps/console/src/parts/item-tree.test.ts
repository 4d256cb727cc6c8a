import type { ItemView } from '@yiwang/api/types/catalog.ts';
import type { OrgBrief } from '@yiwang/api/types/shared.ts';
import { expect, it } from 'vitest';
import { itemTree, leafCodes, prune } from './item-tree.ts';
import { finds, pathOf, rank, searchTextOf } from './org-search.ts';

const items = ['05', '05.02', '05.02.01', '05.01', '06'].map(
  (code) => ({ code, name: { zh: `事项${code}` } }) as ItemView,
);

it('builds the tree from codes and knows the leaves', () => {
  expect([...leafCodes(items)].sort()).toEqual(['05.01', '05.02.01', '06']);
  const tree = itemTree(items);
  expect(tree.map((node) => node.item.code)).toEqual(['05', '06']);
  expect(tree[0]?.children.map((node) => node.item.code)).toEqual(['05.01', '05.02']);
});

it('prunes to what matches, with the way to it', () => {
  const found = prune(itemTree(items), (item) => item.code === '05.02.01');
  expect(found).toHaveLength(1);
  expect(found[0]?.children[0]?.children[0]?.item.code).toBe('05.02.01');
});

it('finds units by name, code and pinyin, and says where they stand', () => {
  const city: OrgBrief = { id: '1', code: 'jy', name: { zh: '江阴市' }, kind: 'city' };
  const town: OrgBrief = {
    id: '2',
    code: '320281001',
    name: { zh: '澄江街道' },
    kind: 'town',
    parent_id: '1',
  };
  const village: OrgBrief = {
    id: '3',
    code: '320281001001',
    name: { zh: '某社区' },
    kind: 'village',
    parent_id: '2',
  };
  const option = { label: town.name.zh, search: searchTextOf(town), pinyin: ['cheng jiang jie dao'] };
  for (const typed of ['澄江', '320281001', 'cjjd', 'chengjiang', ' JD '])
    expect(finds(typed, option)).toBe(true);
  expect(finds('cgj', option)).toBe(false);
  const byId = new Map([city, town, village].map((org) => [org.id, org]));
  expect(pathOf(village, byId)).toEqual([{ zh: '澄江街道' }]);
  expect(pathOf(town, byId)).toEqual([{ zh: '江阴市' }]);
});

it('puts the unit whose code was typed before those that only stand under it', () => {
  const bureau = { code: 'cgj', label: '城市管理局', search: '', pinyin: ['cheng shi guan li ju'] };
  const squad = { code: 'cgj-zf-cq', label: '城区中队', search: '', pinyin: ['cheng qu zhong dui'] };
  const town = { code: '320281001', label: '澄江街道', search: '', pinyin: ['cheng jiang jie dao'] };
  expect([squad, bureau].sort((a, b) => rank(a, 'cgj') - rank(b, 'cgj'))).toEqual([bureau, squad]);
  expect([bureau, town].sort((a, b) => rank(a, '澄江') - rank(b, '澄江'))[0]).toBe(town);
  expect([town, bureau].sort((a, b) => rank(a, 'csgl') - rank(b, 'csgl'))[0]).toBe(bureau);
});
