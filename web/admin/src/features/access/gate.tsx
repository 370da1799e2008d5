/** The frame of the pages before signing in: the mark, one card, and the language. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../../i18n/i18n';
import { LANGUAGES } from '../../i18n/language';
import { Mark } from '../../shell/mark';
import { useDocumentTitle } from '../../ui/page-head';
import style from './access.module.css';

type Props = { title: string; lead?: ReactNode; isWide?: boolean; children: ReactNode };

export function Gate({ title, lead, isWide = false, children }: Props) {
  useDocumentTitle(title);
  return (
    <main className={style.page}>
      <div className={style.brand}>
        <Mark />
        Najimi
      </div>
      <section className={style.card} data-wide={isWide} aria-labelledby="gate-title">
        <h1 id="gate-title">{title}</h1>
        {lead ? <p className="muted">{lead}</p> : null}
        {children}
      </section>
      <LanguageSwitch />
    </main>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation('access');
  return (
    <fieldset className={style.languages}>
      <legend className="visually-hidden">{t('language')}</legend>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => void changeLanguage(language)}
        >
          {language === 'ja' ? '日本語' : 'English'}
        </button>
      ))}
    </fieldset>
  );
}
