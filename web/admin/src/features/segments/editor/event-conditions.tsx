/** The conditions over orders, mails and money, each one as a sentence with fields. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../../api/queries';
import type { Window } from '../../../api/types';
import { minorDigits } from '../../../format/money';
import { DAYS_MAX } from '../conditions';
import type { Condition } from '../tree';
import { Sentence } from './sentence-fields';
import { AmountToken, ChoiceToken, fitAmount, NumberToken } from './tokens';

export type Change<C> = (next: C, run?: string) => void;
type Props<K extends Condition['kind']> = {
  node: Extract<Condition, { kind: K }>;
  onChange: Change<Condition>;
  isBad: boolean;
};

function WindowToken({ value, onChange }: { value: Window; onChange: Change<Window> }) {
  const { t } = useTranslation('segments');
  const span = (
    <ChoiceToken
      label={t('field.window')}
      value={value === 'ever' ? 'ever' : 'last'}
      choices={[
        { value: 'last', text: t('window.last_word') },
        { value: 'ever', text: t('window.ever') },
      ]}
      onChange={(next) => onChange(next === 'ever' ? 'ever' : { days: 90 })}
    />
  );
  if (value === 'ever') return span;
  const days = (
    <NumberToken
      label={t('field.days')}
      value={value.days}
      isBad={!(value.days >= 1 && value.days <= DAYS_MAX)}
      onChange={(next) => onChange({ days: next }, 'days')}
    />
  );
  return <Sentence template={t('window.last_fields')} slots={{ span, days }} />;
}

const events = ['order', 'mail_opened', 'mail_clicked', 'page'] as const;
const counts = ['gte', 'lte', 'eq', 'between'] as const;
const ranges = ['gte', 'lte', 'between'] as const;

export function CountCondition(props: Props<'count'>) {
  const { t } = useTranslation('segments');
  const { node, onChange } = props;
  const event = (
    <ChoiceToken
      label={t('field.event')}
      value={node.event}
      choices={events.map((value) => ({ value, text: t(`event.${value}`) }))}
      onChange={(next) => onChange({ ...node, event: next })}
    />
  );
  return <CountFields {...props} template="say.count" more={{ event }} />;
}

type CountFieldsProps = Props<'count'> & { template: string; more: Record<string, ReactNode> };

/** The fields that every count has: window, how many, at least or at most. */
export function CountFields({ node, onChange, isBad, template, more }: CountFieldsProps) {
  const { t } = useTranslation('segments');
  const slots = {
    ...more,
    window: (
      <WindowToken value={node.window} onChange={(window, run) => onChange({ ...node, window }, run)} />
    ),
    value: (
      <AmountToken
        label={t('field.times')}
        value={node.value}
        isBad={isBad}
        onChange={(value) => onChange({ ...node, value }, 'value')}
      />
    ),
    is: (
      <ChoiceToken
        label={t('field.is')}
        value={node.is}
        choices={counts.map((value) => ({ value, text: t(`is.count_${value}`) }))}
        onChange={(is) => onChange({ ...node, is, value: fitAmount(node.value, is) })}
      />
    ),
  };
  return <Sentence template={t(template)} slots={slots} />;
}

type Amount = number | [number, number];

function each(value: Amount, convert: (one: number) => number): Amount {
  return Array.isArray(value) ? [convert(value[0]), convert(value[1])] : convert(value);
}

/** Money is typed in units of the reporting currency (19.99) and kept in its minor units (1999). */
export function SumCondition({ node, onChange, isBad }: Props<'sum'>) {
  const { t, i18n } = useTranslation('segments');
  const { currency } = useMe();
  const digits = minorDigits(currency);
  const scale = 10 ** digits;
  const slots = {
    window: (
      <WindowToken value={node.window} onChange={(window, run) => onChange({ ...node, window }, run)} />
    ),
    value: (
      <AmountToken
        label={t('field.amount')}
        value={each(node.value, (minor) => minor / scale)}
        digits={digits}
        isBad={isBad}
        onChange={(value) =>
          onChange({ ...node, value: each(value, (major) => Math.round(major * scale)) }, 'value')
        }
      />
    ),
    unit: <span>{currency === 'JPY' && i18n.language === 'ja' ? '円' : currency}</span>,
    is: (
      <ChoiceToken
        label={t('field.is')}
        value={node.is}
        choices={ranges.map((value) => ({ value, text: t(`is.sum_${value}`) }))}
        onChange={(is) => onChange({ ...node, is, value: fitAmount(node.value, is) })}
      />
    ),
  };
  return <Sentence template={t('say.sum_fields')} slots={slots} />;
}

export function RecencyCondition({ node, onChange, isBad }: Props<'recency'>) {
  const { t } = useTranslation('segments');
  const slots = {
    days: (
      <AmountToken
        label={t('field.days')}
        value={node.days}
        isBad={isBad}
        onChange={(days) => onChange({ ...node, days }, 'days')}
      />
    ),
    is: (
      <ChoiceToken
        label={t('field.is')}
        value={node.is}
        choices={ranges.map((value) => ({ value, text: t(`is.recency_${value}`) }))}
        onChange={(is) => onChange({ ...node, is, days: fitAmount(node.days, is) })}
      />
    ),
  };
  return <Sentence template={t('say.recency')} slots={slots} />;
}
