/** Which of the two languages is spoken. The choice is kept in the browser; the first guess is the browser's. */
export type Language = 'ja' | 'en';
export const LANGUAGES: readonly Language[] = ['ja', 'en'];

const KEY = 'najimi.language';

function isLanguage(value: unknown): value is Language {
  return value === 'ja' || value === 'en';
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function firstLanguage(): Language {
  const chosen = stored();
  if (isLanguage(chosen)) return chosen;
  return (globalThis.navigator?.language ?? 'ja').toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

let current: Language = firstLanguage();

export function currentLanguage(): Language {
  return current;
}

/** Remembers the language; `i18n.ts` calls it when i18next has changed over. */
export function rememberLanguage(language: Language): void {
  current = language;
  if (typeof document !== 'undefined') document.documentElement.lang = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Private windows may forbid storage; the choice then lasts as long as the page.
  }
}
