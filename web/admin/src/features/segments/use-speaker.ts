/** The words and the money of the reader's language, for saying a segment. */
import { useTranslation } from 'react-i18next';
import { useProductNames } from '../../api/products';
import { useMe } from '../../api/queries';
import type { SegmentTree } from '../../api/types';
import { formatMoney } from '../../format/money';
import type { Speaker } from './describe';
import { skusOf } from './tree';

/** `tree` is what will be said: its products are called by their names. */
export function useSpeaker(tree: SegmentTree | null): Speaker {
  const { t, i18n } = useTranslation('segments');
  const { currency } = useMe();
  const product = useProductNames(tree ? skusOf(tree) : []);
  return {
    t: (key, params) => t(key, params ?? {}),
    language: i18n.language,
    product,
    money: (minor) => formatMoney({ minor, currency }),
  };
}
