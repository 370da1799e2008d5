/** Conditions over what is known of the person: sex, age, prefecture, month of birth, company, member. */
import { useTranslation } from 'react-i18next';
import type { Condition } from '../tree';
import type { Change } from './event-conditions';
import { PrefectureToken } from './prefecture-token';
import { Sentence } from './sentence-fields';
import { AmountToken, ChoiceToken, fitAmount } from './tokens';

type Fact = Extract<Condition, { kind: 'fact' }>;
type Props = { node: Fact; onChange: Change<Condition>; isBad: boolean };

const sexes = ['female', 'male', 'other', 'declined'] as const;
const months = Array.from({ length: 12 }, (_, index) => String(index + 1));

export function FactCondition(props: Props) {
  const { t } = useTranslation('segments');
  return <Sentence template={t(`say.${props.node.fact}`)} slots={factSlots(props, t)} />;
}

function factSlots(props: Props, t: (key: string) => string) {
  const { node, onChange } = props;
  switch (node.fact) {
    case 'age':
      return ageSlots(props, t);
    case 'prefecture':
      return { value: <PrefectureToken node={node} onChange={onChange} /> };
    case 'sex':
      return { value: <OneOf {...props} choices={sexes} prefix="sex" /> };
    case 'birth_month':
      return { value: <OneOf {...props} choices={months} prefix="month" isNumber /> };
    case 'has_company':
    case 'is_member_only':
      return { value: <YesNo {...props} /> };
  }
}

function ageSlots({ node, onChange, isBad }: Props, t: (key: string) => string) {
  const value = node.value as number | [number, number];
  return {
    value: (
      <AmountToken
        label={t('field.age')}
        value={value}
        isBad={isBad}
        onChange={(next) => onChange({ ...node, value: next }, 'value')}
      />
    ),
    is: (
      <ChoiceToken
        label={t('field.is')}
        value={node.is}
        choices={(['between', 'gte', 'lte', 'eq'] as const).map((is) => ({
          value: is,
          text: t(`is.age_${is}`),
        }))}
        onChange={(is) => onChange({ ...node, is, value: fitAmount(value, is) })}
      />
    ),
  };
}

type OneOfProps = Props & { choices: readonly string[]; prefix: string; isNumber?: boolean };

function OneOf({ node, onChange, choices, prefix, isNumber = false }: OneOfProps) {
  const { t } = useTranslation('segments');
  const value = String(Array.isArray(node.value) ? node.value[0] : node.value);
  return (
    <ChoiceToken
      label={t(`field.${node.fact}`)}
      value={value}
      choices={choices.map((choice) => ({ value: choice, text: t(`${prefix}.${choice}`) }))}
      onChange={(next) => onChange({ ...node, is: 'eq', value: isNumber ? Number(next) : next })}
    />
  );
}

function YesNo({ node, onChange }: Props) {
  const { t } = useTranslation('segments');
  return (
    <ChoiceToken
      label={t(`field.${node.fact}`)}
      value={node.value === true ? 'yes' : 'no'}
      choices={(['yes', 'no'] as const).map((value) => ({ value, text: t(`${node.fact}.${value}`) }))}
      onChange={(next) => onChange({ ...node, is: 'eq', value: next === 'yes' })}
    />
  );
}
