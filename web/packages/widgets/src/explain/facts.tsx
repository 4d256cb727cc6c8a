import { useT } from '@yiwang/i18n/i18n.ts';
import type { ReactNode } from 'react';
import type { Read } from '../parts/frame.tsx';

export function FactRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Nothing to tell yet, or nothing that may be told. */
export function Unread({ read, name }: { read: Read; name: string }) {
  const t = useT();
  const status = (read.error as { status?: number } | null)?.status;
  const kind = !read.error ? 'loading' : status === 403 ? 'forbidden' : status === 404 ? 'missing' : 'failed';
  return (
    <>
      <h2>{name}</h2>
      <p role={read.error ? 'alert' : 'status'}>{t(`wall.frame.${kind}`)}</p>
    </>
  );
}
