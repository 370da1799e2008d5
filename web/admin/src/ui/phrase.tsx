/** Sentences that the server composes as `{code, params}` and that each language words itself. */
import { useTranslation } from 'react-i18next';
import type { Phrase } from '../api/types';
import { Rich } from './rich';

/** The sentence in the language of the screen; an unknown code is shown as it is, never hidden. */
export function usePhrase(): (phrase: Phrase) => string {
  const { t, i18n } = useTranslation('phrases');
  return (phrase) => {
    const key = `phrase.${phrase.code}`;
    return i18n.exists(key, { ns: 'phrases' }) ? t(key, phrase.params) : phrase.code;
  };
}

export function PhraseText({ phrase }: { phrase: Phrase }) {
  const say = usePhrase();
  return <Rich text={say(phrase)} />;
}

/** Several sentences joined as the language joins them. */
export function PhraseList({ phrases }: { phrases: Phrase[] }) {
  const { t } = useTranslation('phrases');
  const say = usePhrase();
  return <Rich text={phrases.map(say).join(t('joiner'))} />;
}
