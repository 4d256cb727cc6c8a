import type { Me } from '@yiwang/api/types/session.ts';
import { createContext, useContext } from 'react';

export interface Signed {
  me: Me;
  /** Whether the signed-in person holds the action anywhere. Each row is decided by the server. */
  can(action: string): boolean;
}

export const SignedContext = createContext<Signed | undefined>(undefined);

export function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (!signed) throw new Error('only signed-in pages may ask who is signed in');
  return signed;
}
