import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Language = 'zh-CN' | 'en';

/** The words of a page in both languages. */
export interface Words {
  zh: object;
  en: object;
}

const STORED = 'yw.language';

export function storedLanguage(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN';
  } catch {
    return 'zh-CN';
  }
}

/** Starts translation; the page is drawn after it resolves. */
export async function startI18n(words: Words, language: Language = storedLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: words.zh }, en: { translation: words.en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    nsSeparator: false,
  });
  document.documentElement.lang = language;
}

export async function setLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

export type Translate = (key: string, values?: Record<string, unknown>) => string;

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'zh-CN';
}

export function useT(): Translate {
  const { t } = useTranslation();
  return t as unknown as Translate;
}

/** A word of a closed list (`terms.status.received`), or the code itself when the list is older than the server. */
export function useTerm(): (list: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation();
  return (list, code) => {
    if (!code) return '';
    const key = `terms.${list}.${code}`;
    return i18n.exists(key) ? (t as unknown as Translate)(key) : code;
  };
}

/** A word of a list under any key, or what was given when the list is older than the server. */
export function useKnown(): (list: string, code: string) => string {
  const { t, i18n } = useTranslation();
  return (list, code) => {
    const key = `${list}.${code}`;
    return i18n.exists(key) ? (t as unknown as Translate)(key) : code;
  };
}

/** The words of a text in the reader's language; Chinese where English is missing. */
export function textIn(
  text: { zh: string; en?: string | null } | string | null | undefined,
  language: Language,
): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  return (language === 'en' && text.en) || text.zh;
}

export function useText(): (text: { zh: string; en?: string | null } | string | null | undefined) => string {
  const language = useLanguage();
  return (text) => textIn(text, language);
}
