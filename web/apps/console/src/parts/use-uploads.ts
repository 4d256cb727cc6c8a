import { useIsMutating, useMutation } from '@tanstack/react-query';
import { uploadMedia } from '@yiwang/api/media-api.ts';
import type { MediaView } from '@yiwang/api/types/media.ts';
import { useCallback, useRef, useState } from 'react';
import { type UploadFault, uploadFault } from './upload-fault.ts';

const KEY = ['media', 'upload'];

/** A file on its way, or one that did not arrive. */
export interface Upload {
  key: number;
  file: File;
  part: number;
  fault?: UploadFault;
}

/** True while any file is on its way: what is sent now would be sent without it. */
export const useIsUploading = (): boolean => useIsMutating({ mutationKey: KEY }) > 0;

/** Sends files in, one after the other, and hands each over when it is there. */
export function useUploads(onStored: (media: MediaView) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const nextKey = useRef(0);
  const latest = useRef(onStored);
  latest.current = onStored;

  const change = useCallback(
    (key: number, to: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one))),
    [],
  );
  const drop = useCallback((key: number) => setUploads((all) => all.filter((one) => one.key !== key)), []);

  const { mutate } = useMutation({
    mutationKey: KEY,
    scope: { id: 'media' },
    mutationFn: ({ key, file }: Upload) => uploadMedia(file, (part) => change(key, { part })),
    onSuccess: (media, { key }) => {
      drop(key);
      latest.current(media);
    },
    onError: (cause, { key }) => change(key, { fault: uploadFault(cause) }),
  });

  const add = (files: Iterable<File>) => {
    const fresh = [...files].map((file): Upload => {
      nextKey.current += 1;
      return { key: nextKey.current, file, part: 0 };
    });
    setUploads((all) => [...all, ...fresh]);
    for (const upload of fresh) mutate(upload);
  };
  const retry = ({ key, file }: Upload) => {
    drop(key);
    add([file]);
  };
  return { uploads, add, retry, drop };
}
