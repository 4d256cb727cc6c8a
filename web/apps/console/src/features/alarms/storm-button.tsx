import { useMutation } from '@tanstack/react-query';
import { letItStorm } from '@yiwang/api/alerting-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App, Button } from '@yiwang/ui/controls.ts';
import { ThunderboltOutlined } from '@yiwang/ui/icons.ts';
import { useSigned } from '../../app/session.tsx';

/** The demo city's weather. A city that is real has none of it. */
export function StormButton() {
  const t = useT();
  const { me, can } = useSigned();
  const { message } = App.useApp();
  const storm = useMutation({
    mutationFn: letItStorm,
    onSuccess: () => void message.success(t('alerting.stormDone')),
    onError: (fault) => void message.error(fault.message),
  });
  if (!me.demo || !can('alerting.handle')) return null;
  return (
    <Button
      icon={<ThunderboltOutlined />}
      title={t('alerting.stormHint')}
      loading={storm.isPending}
      onClick={() => storm.mutate()}
    >
      {t('alerting.storm')}
    </Button>
  );
}
