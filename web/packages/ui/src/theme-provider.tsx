import { useLanguage } from '@yiwang/i18n/i18n.ts';
import { applyTheme, type Theme } from '@yiwang/tokens/tokens.ts';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { controlTheme } from './theme.ts';

const STORED = 'yw.theme';

interface ThemeChoice {
  theme: Theme;
  toggle(): void;
}

const Chosen = createContext<ThemeChoice>({ theme: 'light', toggle: () => undefined });

export const useTheme = () => useContext(Chosen);

function initialTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored === 'light' || stored === 'dark') return stored;
  } catch {
    // No storage: the system's preference decides.
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

function watchStillness(onChange: () => void): () => void {
  stillness.addEventListener('change', onChange);
  return () => stillness.removeEventListener('change', onChange);
}

/** Whether nothing may move, as the system of whoever looks says. */
const useIsStill = () => useSyncExternalStore(watchStillness, () => stillness.matches);

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(initialTheme);
  const language = useLanguage();
  const isStill = useIsStill();

  useEffect(() => applyTheme(theme), [theme]);
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');

  const choice = useMemo(
    () => ({
      theme,
      toggle: () => {
        const next: Theme = theme === 'dark' ? 'light' : 'dark';
        try {
          localStorage.setItem(STORED, next);
        } catch {
          // Kept for this page only.
        }
        setTheme(next);
      },
    }),
    [theme],
  );

  return (
    <Chosen value={choice}>
      <ConfigProvider
        locale={language === 'en' ? enUS : zhCN}
        theme={controlTheme(theme, isStill)}
        wave={{ disabled: isStill }}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: true }}
      >
        <App className="yw-app" message={{ maxCount: 3, top: 48 }}>
          {children}
        </App>
      </ConfigProvider>
    </Chosen>
  );
}
