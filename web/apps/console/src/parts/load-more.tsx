import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';

interface MoreProps {
  count: number;
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** How much is shown, and the way to more. */
export function LoadMore({ count, query }: MoreProps) {
  const t = useT();
  return (
    <div className="load-more">
      <span>{t('shell.common.count', { count })}</span>
      {query.hasNextPage ? (
        <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('shell.states.more')}
        </Button>
      ) : (
        <span>{t('shell.states.all')}</span>
      )}
    </div>
  );
}
