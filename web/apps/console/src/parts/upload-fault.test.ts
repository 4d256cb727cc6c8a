import { ApiProblem } from '@yiwang/api/client.ts';
import { describe, expect, it } from 'vitest';
import { uploadFault } from './upload-fault.ts';

const problem = (code: string, data?: unknown) =>
  new ApiProblem({ title: '', status: 400, code, ...(data ? { data: data as never } : {}) });

describe('why a file was not taken', () => {
  it('is said by the code of the server, with its bound', () => {
    expect(uploadFault(problem('media.too_large', { bytes_max: 33554432 }))).toEqual({
      words: 'too_large',
      mib: 32,
    });
    expect(uploadFault(problem('media.unsupported', { kinds: ['jpeg'] }))).toEqual({ words: 'unsupported' });
    expect(uploadFault(problem('store.full'))).toEqual({ words: 'full' });
  });

  it('has words for what nobody foresaw', () => {
    expect(uploadFault(problem('http.500'))).toEqual({ words: 'other' });
    expect(uploadFault(new Error('x'))).toEqual({ words: 'other' });
  });
});
