import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { describe, expect, it } from 'vitest';
import { beforeAndAfter, filesOf, likelyKind } from './evidence.ts';
import { turn } from './lightbox.tsx';

const file = (id: string) => ({ id, kind: 'jpeg' }) as MediaView;

describe('evidence', () => {
  it('is shown with its files, and links are left to be links', () => {
    const pieces = [
      { kind: 'photo', media_id: 'a' },
      { kind: 'photo', media_url: 'https://example.org/b.jpg' },
      { kind: 'photo', media_id: 'gone' },
    ];
    expect(filesOf(pieces, [file('a'), file('b')]).map(({ media }) => media.id)).toEqual(['a']);
  });

  it('is compared by what the lead reported last', () => {
    const task = (role: string, before: string, after: string) => ({
      role,
      evidence: [
        { kind: 'photo_before', media_id: before },
        { kind: 'photo_after', media_id: after },
      ],
    });
    const detail = {
      tasks: [task('lead', 'a', 'b'), task('assist', 'c', 'd'), task('lead', 'e', 'f')],
      media: ['a', 'b', 'c', 'd', 'e', 'f'].map(file),
    } as unknown as IncidentDetail;
    const { before, after } = beforeAndAfter(detail);
    expect([before[0]?.id, after[0]?.id]).toEqual(['e', 'f']);
  });

  it('is first taken for what the item still asks for', () => {
    const wanted = ['photo_before', 'photo_after'];
    expect(likelyKind('jpeg', wanted, [])).toBe('photo_before');
    expect(likelyKind('jpeg', wanted, [{ kind: 'photo_before' }])).toBe('photo_after');
    expect(likelyKind('jpeg', [], [])).toBe('photo');
    expect(likelyKind('mp4', wanted, [])).toBe('video');
    expect(likelyKind('pdf', ['receipt'], [])).toBe('receipt');
    expect(likelyKind('pdf', [], [])).toBe('document');
  });
});

describe('the viewer', () => {
  it('turns by keys and stops at its ends', () => {
    expect(turn('ArrowRight', 0, 3)).toBe(1);
    expect(turn('ArrowRight', 2, 3)).toBeUndefined();
    expect(turn('ArrowLeft', 0, 3)).toBeUndefined();
    expect(turn('End', 0, 3)).toBe(2);
    expect(turn('Home', 2, 3)).toBe(0);
    expect(turn('a', 1, 3)).toBeUndefined();
  });
});
