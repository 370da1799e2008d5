/** Sentences that the server composes as `{code, params}` and that each language words itself. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useProductNames } from '../api/products';
import { useMe } from '../api/queries';
import type { Phrase } from '../api/types';
import { formatNumber } from '../format/number';
import { type ConditionText, conditionText, isConditionParams } from '../phrases/condition';
import { Rich } from './rich';

/** The sentence in the language of the screen; an unknown code is shown as it is, never hidden. */
function usePhrase(phrases: readonly Phrase[]): (phrase: Phrase) => string {
  const { t, i18n } = useTranslation('phrases');
  const { today } = useMe();
  const product = useProductNames(phrases.flatMap(skuOf));
  return ({ code, params }) => {
    if (isConditionParams(params)) return sayCondition(t, conditionText(params, today), product);
    const isFirstMail = code === 'mail_allowed_today' && params.last_sent === null;
    const key = `phrase.${isFirstMail ? 'mail_allowed_first' : code}`;
    const counted = { ...params, count: countOf(params) };
    return i18n.exists(key, { ...counted, ns: 'phrases' }) ? t(key, counted) : code;
  };
}

/** The code of the product that a condition names. */
function skuOf({ params }: Phrase): string[] {
  if (!isConditionParams(params)) return [];
  const { condition } = params;
  return condition.kind === 'count' && condition.sku ? [condition.sku] : [];
}

/** What decides between the singular and the plural. */
function countOf({ count, own, orders, days, cap_days }: Record<string, unknown>): number {
  const found = [count, own, orders, days, cap_days].find((one) => typeof one === 'number');
  return typeof found === 'number' ? found : 0;
}

/** 「最後の注文から 52日（31〜60日）」: the person's own figure, and in brackets what was asked. */
function sayCondition(
  t: TFunction<'phrases'>,
  text: ConditionText,
  product: (sku: string) => string,
): string {
  const window = text.window
    ? t(text.window.key, { ...text.window.params, count: countOf(text.window.params) })
    : '';
  const { sku } = text.params;
  const named = typeof sku === 'string' ? { sku: product(sku) } : {};
  const params = { ...text.params, ...named, window, count: countOf(text.params) };
  const own = t(`condition.${text.key}`, params).trim();
  if (!text.range) return text.keepsOut && text.key.startsWith('fact.') ? own + t('against') : own;
  const { unit, low, high } = text.range.params;
  const written = (value: unknown) => t(`unit.${String(unit)}`, { value, count: value as number });
  const key = text.holds ? text.range.key : text.range.key.replace('range', 'range_not');
  // A range names its unit once: 31〜60日.
  const isRange = text.range.key === 'range.between' && typeof low === 'number';
  return own + t(key, { low: isRange ? formatNumber(low) : written(low), high: written(high) });
}

export function PhraseText({ phrase }: { phrase: Phrase }) {
  const say = usePhrase([phrase]);
  return <Rich text={say(phrase)} />;
}

/** Several sentences joined as the language joins them. */
export function PhraseList({ phrases }: { phrases: Phrase[] }) {
  const { t } = useTranslation('phrases');
  const say = usePhrase(phrases);
  return <Rich text={phrases.map(say).join(t('joiner'))} />;
}
