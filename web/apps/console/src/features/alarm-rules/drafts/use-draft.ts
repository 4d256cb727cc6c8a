import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alarmRuleApi, readRuleDraft, ruleDraftKeys } from '@yiwang/api/alarm-rule-api.ts';
import { ApiProblem } from '@yiwang/api/client.ts';
import type { RuleDraftDetail, RuleEntryText } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { type EntryFormat, formatOf, readEntry, writeEntry } from './entry-text.ts';

const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code === 'alerting.version_conflict';

/** A draft as it is typed, against the version that was seen. */
export function useDraft(first: RuleDraftDetail) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [seen, setSeen] = useState(first);
  const [kept, setKept] = useState(() => writeEntry(first.entry, 'yaml'));
  const [text, setText] = useState(kept);
  /** What who was faster left behind. */
  const [theirs, setTheirs] = useState<RuleDraftDetail>();
  const read = readEntry(text);

  const take = (fresh: RuleDraftDetail) => {
    setSeen(fresh);
    client.setQueryData(ruleDraftKeys.one(fresh.id), fresh);
    void client.invalidateQueries({ queryKey: ruleDraftKeys.lists });
  };
  const onConflict = async (fault: unknown) => {
    if (isConflict(fault)) setTheirs(await readRuleDraft(seen.id));
  };
  const save = useMutation({
    mutationFn: ({ entry }: { entry: RuleEntryText; typed: string }) =>
      alarmRuleApi.saveDraft(seen.id, seen.version, entry),
    onSuccess: (fresh, { typed }) => {
      take(fresh);
      setKept(typed);
      void message.success(t('rules.draft.saved'));
    },
    onError: onConflict,
  });
  const discard = useMutation({
    mutationFn: () => alarmRuleApi.discardDraft(seen.id, seen.version),
    onSuccess: (gone) => {
      take({ ...seen, ...gone });
      void message.success(t('rules.draft.discarded'));
    },
    onError: onConflict,
  });
  return {
    seen,
    text,
    setText,
    read,
    isDirty: text !== kept,
    save,
    discard,
    take,
    theirs,
    setTheirs,
    /** The form writes in the form of the text. */
    setEntry: (entry: RuleEntryText) => setText(writeEntry(entry, formatOf(text))),
    setFormat: (format: EntryFormat) => {
      if (!read.entry) return;
      const next = writeEntry(read.entry, format);
      if (text === kept) setKept(next);
      setText(next);
    },
    takeTheirs: (fresh: RuleDraftDetail) => {
      const next = writeEntry(fresh.entry, formatOf(text));
      take(fresh);
      setText(next);
      setKept(next);
      setTheirs(undefined);
      save.reset();
    },
    /** Saved again, mine goes over theirs: whoever does it has been told. */
    keepMine: (fresh: RuleDraftDetail) => {
      take(fresh);
      setKept(writeEntry(fresh.entry, formatOf(text)));
      setTheirs(undefined);
      save.reset();
    },
  };
}

export type DraftInHand = ReturnType<typeof useDraft>;
