import { useMutation, useQueryClient } from '@tanstack/react-query';
import { adminApi } from '@yiwang/api/admin-api.ts';
import type { RefusalDetail } from '@yiwang/api/types/admin.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Input } from '@yiwang/ui/controls.ts';
import { useState } from 'react';

interface CorrectionProps {
  detail: RefusalDetail;
  /** What was sent, in clear; without it there is nothing whole to correct. */
  start: string | undefined;
}

/** The report in the form it came in, to be put right and sent again. */
export function RefusalCorrection({ detail, start }: CorrectionProps) {
  const t = useT();
  const word = (key: string) => t(`admin.system.${key}`);
  const client = useQueryClient();
  const { message } = App.useApp();
  const [text, setText] = useState<string>();
  const send = useMutation({
    mutationFn: (payload: unknown) => adminApi.resubmitRefusal(detail.id, payload),
    onSuccess: ({ number }) => {
      void message.success(t('admin.system.refusalDone', { number }));
      void client.invalidateQueries({ queryKey: ['intake'] });
    },
  });
  if (start === undefined) return null;
  const written = text ?? start;
  const read = parsed(written);
  return (
    <section className="system-correction">
      <h3>{word('refusalCorrect')}</h3>
      <p className="yw-dim">{word('refusalCorrectHint')}</p>
      <Input.TextArea
        className="yw-mono"
        aria-label={word('refusalCorrect')}
        autoSize={{ minRows: 6, maxRows: 16 }}
        status={read === undefined ? 'error' : ''}
        value={written}
        onChange={(event) => setText(event.target.value)}
      />
      {read === undefined && <p role="alert">{word('refusalBadJson')}</p>}
      {send.error && <Alert type="error" showIcon title={send.error.message} />}
      <Button
        type="primary"
        disabled={read === undefined}
        loading={send.isPending}
        onClick={() => send.mutate(read)}
      >
        {word('refusalSubmit')}
      </Button>
    </section>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
