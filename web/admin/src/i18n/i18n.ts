/** Texts: every feature keeps `locale.ja.json` and `locale.en.json`; the folder's name is the namespace. */
import i18next, { type BackendModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { addFormats } from './formats';
import { firstLanguage, type Language, rememberLanguage } from './language';

type Texts = Record<string, unknown>;
const files = import.meta.glob<Texts>(['../*/locale.*.json', '../features/*/locale.*.json'], {
  import: 'default',
});

/** `../features/rfm/locale.ja.json` → `ja/rfm` */
const loaders = new Map(
  Object.entries(files).map(([path, load]) => {
    const [, folder, language] = /([^/]+)\/locale\.(\w+)\.json$/.exec(path) ?? [];
    return [`${language}/${folder}`, load];
  }),
);

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = loaders.get(`${language}/${namespace}`);
    if (!load) return done(new Error(`no texts for ${language}/${namespace}`), null);
    load().then(
      (texts) => done(null, texts),
      (error: Error) => done(error, null),
    );
  },
};

/** The namespaces that the shell needs before the first paint. */
const FIRST = ['ui', 'shell', 'phrases'];

export async function startI18n(language: Language = firstLanguage()): Promise<i18n> {
  i18next.on('languageChanged', (next) => rememberLanguage(next as Language));
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      ns: FIRST,
      defaultNS: 'ui',
      interpolation: { escapeValue: false },
      returnNull: false,
      missingInterpolationHandler: () => '–',
    });
  addFormats(i18next);
  return i18next;
}

export async function changeLanguage(language: Language): Promise<void> {
  rememberLanguage(language);
  await i18next.changeLanguage(language);
}
