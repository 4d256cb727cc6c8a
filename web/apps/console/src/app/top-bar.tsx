import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery, sessionApi } from '@yiwang/api/session-api.ts';
import { setLanguage, useLanguage, useT, useText } from '@yiwang/i18n/i18n.ts';
import { Dropdown } from '@yiwang/ui/controls.ts';
import {
  KeyOutlined,
  LogoutOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  SunOutlined,
  UserOutlined,
} from '@yiwang/ui/icons.ts';
import { useTheme } from '@yiwang/ui/theme-provider.tsx';
import { useLiveStatus } from './live-store.ts';
import { showOverlay } from './overlay-store.ts';
import { useSigned } from './session.tsx';

export function TopBar() {
  const t = useT();
  const { me } = useSigned();
  const { state } = useLiveStatus();
  return (
    <header className="top-bar">
      <h1>{t('shell.product')}</h1>
      <span className="top-bar-subtitle">{t('shell.subtitle')}</span>
      {me.demo && (
        <span className="top-bar-demo" title={t('shell.demoHint')}>
          {t('shell.demo')}
        </span>
      )}
      <span className="top-bar-gap" />
      <output className="top-bar-live" data-state={state}>
        {t(`shell.live.${state}`)}
      </output>
      <button type="button" className="top-bar-search" onClick={() => showOverlay('palette')}>
        <SearchOutlined />
        {t('shell.search')}
        <kbd>Ctrl K</kbd>
      </button>
      <Choices />
      <Person />
    </header>
  );
}

function Choices() {
  const t = useT();
  const language = useLanguage();
  const { theme, toggle } = useTheme();
  return (
    <>
      <button
        type="button"
        className="top-bar-button top-bar-help"
        aria-label={t('shell.help')}
        title={`${t('shell.help')} ?`}
        onClick={() => showOverlay('keys')}
      >
        <QuestionCircleOutlined />
      </button>
      <button
        type="button"
        className="top-bar-button"
        title={theme === 'dark' ? t('shell.themeLight') : t('shell.themeDark')}
        aria-label={theme === 'dark' ? t('shell.themeLight') : t('shell.themeDark')}
        onClick={toggle}
      >
        {theme === 'dark' ? <SunOutlined /> : <MoonOutlined />}
      </button>
      <button
        type="button"
        className="top-bar-button"
        title={t('shell.languageHint')}
        lang={language === 'en' ? 'zh-CN' : 'en'}
        onClick={() => void setLanguage(language === 'en' ? 'zh-CN' : 'en')}
      >
        {t('shell.language')}
      </button>
    </>
  );
}

function Person() {
  const t = useT();
  const text = useText();
  const { me } = useSigned();
  const client = useQueryClient();
  const navigate = useNavigate();

  const signOut = async () => {
    try {
      await sessionApi.signOut();
    } finally {
      client.setQueryData(meQuery.queryKey, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
      void navigate({ to: '/' });
    }
  };

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'password', icon: <KeyOutlined />, label: t('shell.changePassword') },
          { key: 'out', icon: <LogoutOutlined />, label: t('shell.signOut') },
        ],
        onClick: ({ key }) => void (key === 'out' ? signOut() : navigate({ to: '/password' })),
      }}
    >
      <button type="button" className="top-bar-button">
        <UserOutlined />
        {me.name}
        {me.org && <span className="top-bar-unit">· {text(me.org.name)}</span>}
      </button>
    </Dropdown>
  );
}
