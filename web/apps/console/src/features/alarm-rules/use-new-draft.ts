import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alarmRuleApi, ruleDraftKeys } from '@yiwang/api/alarm-rule-api.ts';
import type { CreateRuleDraft } from '@yiwang/api/types/alarm-rule.ts';
import { App } from '@yiwang/ui/controls.ts';
import { useSearchParams } from '../../app/use-search-params.ts';

/** Begins a draft and opens it. */
export function useNewDraft() {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [, setSearch] = useSearchParams();
  return useMutation({
    mutationFn: (from: CreateRuleDraft) => alarmRuleApi.createDraft(from),
    onSuccess: (draft) => {
      void client.invalidateQueries({ queryKey: ruleDraftKeys.lists });
      setSearch({ tab: 'drafts', draft: draft.id, rule: undefined, version: undefined });
    },
    onError: (fault) => void message.error(fault.message),
  });
}
