/** The fields that stand in a sentence: a choice and a number, as wide as what they say. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import style from './editor.module.css';

type ChoiceProps<T extends string> = {
  label: string;
  value: T;
  choices: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
};

export function ChoiceToken<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  const shown = choices.find((choice) => choice.value === value)?.text ?? value;
  return (
    <span className={style.choice}>
      <span aria-hidden="true">{shown}</span>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </span>
  );
}

type NumberProps = {
  label: string;
  value: number;
  /** How many digits may stand behind the decimal point. */
  digits?: number;
  isBad?: boolean;
  onChange: (value: number) => void;
};

/** An empty field is `NaN`: not a number yet, and the row says so. */
export function NumberToken({ label, value, digits = 0, isBad = false, onChange }: NumberProps) {
  // While "19." or "19.50" is being typed it says more than the number does.
  const [typed, setTyped] = useState('');
  const plain = Number.isFinite(value) ? String(value) : '';
  const text = Object.is(numberOf(typed), value) ? typed : plain;
  return (
    <input
      className={style.number}
      aria-label={label}
      aria-invalid={isBad}
      inputMode={digits > 0 ? 'decimal' : 'numeric'}
      value={text}
      style={{ width: `calc(${Math.max(2, text.length)}ch + 14px)` }}
      onChange={(event) => {
        const next = narrowNumber(event.target.value, digits);
        setTyped(next);
        onChange(numberOf(next));
      }}
      onBlur={() => setTyped('')}
      onFocus={(event) => event.target.select()}
    />
  );
}

/** Full-width digits are typed as often as half-width ones in Japan; what is finer than `digits` is cut off. */
export function narrowNumber(typed: string, digits: number): string {
  const [whole = '', ...rest] = typed
    .normalize('NFKC')
    .replace(/[^\d.]/g, '')
    .split('.');
  return digits === 0 || rest.length === 0 ? whole : `${whole}.${rest.join('').slice(0, digits)}`;
}

const numberOf = (text: string): number => (/\d/.test(text) ? Number(text) : Number.NaN);

type RangeProps = {
  label: string;
  value: number | [number, number];
  digits?: number;
  isBad?: boolean;
  onChange: (value: number | [number, number]) => void;
};

/** One number, or two with a range mark between them. */
export function AmountToken({ value, onChange, ...field }: RangeProps) {
  const { t } = useTranslation('segments');
  if (!Array.isArray(value)) {
    return <NumberToken {...field} value={value} onChange={onChange} />;
  }
  const [low, high] = value;
  return (
    <span className={style.range}>
      <NumberToken {...field} value={low} onChange={(next) => onChange([next, high])} />
      <span>{t('range_mark').trim()}</span>
      <NumberToken {...field} value={high} onChange={(next) => onChange([low, next])} />
    </span>
  );
}

/** Keeps the numbers that were typed when "at least" becomes "between" and back. */
export function fitAmount(value: number | [number, number], is: string): number | [number, number] {
  if (is === 'between') return Array.isArray(value) ? value : [value, value];
  return Array.isArray(value) ? value[0] : value;
}
