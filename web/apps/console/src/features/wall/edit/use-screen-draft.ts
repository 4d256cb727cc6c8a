import { useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@yiwang/api/client.ts';
import { screenApi, screenDraftQuery, screenKeys } from '@yiwang/api/screen-api.ts';
import type { Screen, ScreenDetail, ScreenDraft, ScreenFinding } from '@yiwang/api/types/screen.ts';
import { useCallback, useState } from 'react';
import { freshScreen } from './editing.ts';

export interface Written {
  screen: Screen;
  /** Not saved yet. */
  isDirty: boolean;
  draft: ScreenDraft | null;
  findings: readonly ScreenFinding[];
  /** Another person's draft that stands in the way; `undefined` while there is none. */
  conflict: ScreenDraft | null | undefined;
  fault: unknown;
  isBusy: boolean;
}

interface Begun {
  code: string;
  published: ScreenDetail | null;
  draft: ScreenDraft | null;
}

const isConflict = (fault: unknown) => fault instanceof ApiProblem && fault.status === 409;

function findingsOf(fault: unknown): ScreenFinding[] | undefined {
  if (!(fault instanceof ApiProblem) || fault.status !== 422) return undefined;
  const data = fault.problem.data as { findings?: ScreenFinding[] } | undefined;
  if (data?.findings) return data.findings;
  return fault.problem.fields?.map(({ path, code, message }) => ({
    pointer: path,
    code: code ?? '',
    message,
  }));
}

/** A screen as it is being written: kept here until it is saved, then as a draft of the server. */
export function useScreenDraft({ code, published, draft: first }: Begun) {
  const client = useQueryClient();
  const [written, setWritten] = useState<Written>(() => ({
    screen: first?.screen ?? published?.screen ?? freshScreen(code),
    isDirty: false,
    draft: first,
    findings: first?.findings ?? [],
    conflict: undefined,
    fault: undefined,
    isBusy: false,
  }));
  const change = useCallback(
    (next: (screen: Screen) => Screen) =>
      setWritten((old) => ({ ...old, screen: next(old.screen), isDirty: true })),
    [],
  );
  const took = useCallback(
    (draft: ScreenDraft) => {
      client.setQueryData(screenDraftQuery(code).queryKey, draft);
      setWritten((old) => ({
        ...old,
        screen: draft.screen,
        isDirty: false,
        draft,
        findings: draft.findings,
        conflict: undefined,
        fault: undefined,
        isBusy: false,
      }));
    },
    [client, code],
  );

  const failed = async (fault: unknown) => {
    const findings = findingsOf(fault);
    const conflict = isConflict(fault)
      ? await client.fetchQuery({ ...screenDraftQuery(code), staleTime: 0 }).catch(() => null)
      : undefined;
    setWritten((old) => ({
      ...old,
      isBusy: false,
      fault: conflict === undefined && !findings ? fault : undefined,
      conflict,
      findings: findings ?? old.findings,
    }));
  };

  const run = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    setWritten((old) => ({ ...old, isBusy: true, fault: undefined }));
    try {
      return await act();
    } catch (fault) {
      await failed(fault);
      return undefined;
    }
  };

  const save = async (revision = written.draft?.revision ?? null): Promise<ScreenDraft | undefined> => {
    // Of a draft that is behind, the page has said so: who keeps it then knows what is shown now.
    const own = written.draft?.is_outdated ? undefined : written.draft;
    const body = {
      screen: written.screen,
      based_on: own ? (own.based_on ?? null) : (published?.version ?? null),
      revision,
    };
    const draft = await run(() => screenApi.saveDraft(code, body));
    if (draft) took(draft);
    void client.invalidateQueries({ queryKey: screenKeys.all, refetchType: 'none' });
    return draft;
  };

  const publish = async (note: string): Promise<ScreenDetail | undefined> => {
    const saved = written.isDirty || !written.draft ? await save() : written.draft;
    if (!saved) return undefined;
    const detail = await run(() => screenApi.publish(code, saved.revision, note));
    if (detail) {
      setWritten((old) => ({
        ...old,
        screen: detail.screen,
        draft: null,
        isDirty: false,
        findings: [],
        isBusy: false,
      }));
      await client.invalidateQueries({ queryKey: screenKeys.all });
    }
    return detail;
  };

  const drop = async (): Promise<boolean> => {
    const done = await run(async () => {
      await screenApi.dropDraft(code);
      return true;
    });
    if (!done) return false;
    await client.invalidateQueries({ queryKey: screenKeys.all });
    setWritten((old) => ({
      ...old,
      screen: published?.screen ?? freshScreen(code),
      draft: null,
      isDirty: false,
      findings: [],
      isBusy: false,
    }));
    return true;
  };

  const restore = async (version: number, note: string): Promise<ScreenDetail | undefined> => {
    const detail = await run(() => screenApi.restore(code, version, note));
    if (detail) {
      // A draft that stayed would be published in place of what is shown now; one that cannot be dropped is behind.
      const stayed = written.draft && { ...written.draft, is_outdated: true };
      const draft =
        stayed &&
        (await screenApi
          .dropDraft(code)
          .then(() => null)
          .catch(() => stayed));
      setWritten((old) => ({
        ...old,
        screen: detail.screen,
        draft,
        isDirty: draft !== null,
        findings: [],
        conflict: undefined,
        isBusy: false,
      }));
      await client.invalidateQueries({ queryKey: screenKeys.all });
    }
    return detail;
  };

  return { written, change, took, save, publish, drop, restore };
}

export type ScreenDraftHand = ReturnType<typeof useScreenDraft>;
