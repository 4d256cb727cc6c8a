import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { screenApi, screenKeys, writtenScreensQuery } from '@yiwang/api/screen-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { App, Button, Input, Popconfirm, Popover, Select } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { isCode } from './editing.ts';

const editOf = (code: string) => `/wall/${encodeURIComponent(code)}/edit`;

interface ScreenListProps {
  code: string;
  isPublished: boolean;
  origin: string | undefined;
}

/** The screens there are; another one is begun by its code. */
export function ScreenList({ code, isPublished, origin }: ScreenListProps) {
  const t = useT();
  const text = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const rows = useQuery(writtenScreensQuery).data ?? [];
  const [fresh, setFresh] = useState('');
  const isTaken = rows.some((row) => row.code === fresh);
  const goTo = (next: string) => void navigate({ to: editOf(next) } as Parameters<typeof navigate>[0]);
  const remove = async () => {
    try {
      await screenApi.remove(code);
      await client.invalidateQueries({ queryKey: screenKeys.all });
      void navigate({ to: '/wall' });
    } catch (fault) {
      message.error(fault instanceof Error ? fault.message : String(fault));
    }
  };
  const known = rows.map((row) => ({
    value: row.code,
    label: `${text(row.title)}${row.has_draft ? ` · ${t('wall.edit.draft')}` : ''}`,
  }));
  const isKnown = rows.some((row) => row.code === code);
  const options = isKnown ? known : [...known, { value: code, label: code }];
  return (
    <span className="screen-acts">
      <Select
        aria-label={t('wall.edit.screens')}
        style={{ minWidth: 220 }}
        value={code}
        options={options}
        onChange={goTo}
      />
      <Popover
        trigger="click"
        content={
          <div className="screen-new">
            <Input
              aria-label={t('wall.edit.newCode')}
              placeholder={t('wall.edit.newCode')}
              value={fresh}
              status={fresh && (!isCode(fresh) || isTaken) ? 'error' : ''}
              onChange={(event) => setFresh(event.target.value)}
            />
            {fresh && !isCode(fresh) && <span role="alert">{t('wall.edit.badCode')}</span>}
            {isTaken && <span role="alert">{t('wall.edit.taken')}</span>}
            <Button
              type="primary"
              size="small"
              disabled={!isCode(fresh) || isTaken}
              onClick={() => goTo(fresh)}
            >
              {t('wall.edit.create')}
            </Button>
          </div>
        }
      >
        <Button>{t('wall.edit.new')}</Button>
      </Popover>
      {isPublished && <Link to={`/wall/${encodeURIComponent(code)}` as string}>{t('wall.title')}</Link>}
      {origin === 'edited' && (
        <Popconfirm title={t('wall.edit.removeAsk')} onConfirm={() => void remove()}>
          <Button danger>{t('wall.edit.remove')}</Button>
        </Popconfirm>
      )}
    </span>
  );
}
