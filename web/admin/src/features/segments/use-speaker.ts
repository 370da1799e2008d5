/** The words and the money of the reader's language, for saying a segment. */
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import { formatMoney } from '../../format/money';
import type { Speaker } from './describe';

export function useSpeaker(): Speaker {
  const { t, i18n } = useTranslation('segments');
  const { currency } = useMe();
  return {
    t: (key, params) => t(key, params ?? {}),
    language: i18n.language,
    money: (minor) => formatMoney({ minor, currency }),
  };
}
