/** The fields that stand in a sentence: a choice and a number, as wide as what they say. */
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

type NumberProps = { label: string; value: number; isBad?: boolean; onChange: (value: number) => void };

/** An empty field is `NaN`: not a number yet, and the row says so. */
export function NumberToken({ label, value, isBad = false, onChange }: NumberProps) {
  const text = Number.isFinite(value) ? String(value) : '';
  return (
    <input
      className={style.number}
      aria-label={label}
      aria-invalid={isBad}
      inputMode="numeric"
      value={text}
      style={{ width: `calc(${Math.max(2, text.length)}ch + 14px)` }}
      onChange={(event) => onChange(parseNumber(event.target.value))}
      onFocus={(event) => event.target.select()}
    />
  );
}

/** Full-width digits are typed as often as half-width ones in Japan. */
export function parseNumber(typed: string): number {
  const digits = typed.normalize('NFKC').replace(/[^\d]/g, '');
  return digits === '' ? Number.NaN : Number(digits);
}

type RangeProps = {
  label: string;
  value: number | [number, number];
  isBad?: boolean;
  onChange: (value: number | [number, number]) => void;
};

/** One number, or two with a range mark between them. */
export function AmountToken({ label, value, isBad = false, onChange }: RangeProps) {
  if (!Array.isArray(value)) {
    return <NumberToken label={label} value={value} isBad={isBad} onChange={onChange} />;
  }
  const [low, high] = value;
  return (
    <span className={style.range}>
      <NumberToken label={label} value={low} isBad={isBad} onChange={(next) => onChange([next, high])} />
      <span>〜</span>
      <NumberToken label={label} value={high} isBad={isBad} onChange={(next) => onChange([low, next])} />
    </span>
  );
}

/** Keeps the numbers that were typed when "at least" becomes "between" and back. */
export function fitAmount(value: number | [number, number], is: string): number | [number, number] {
  if (is === 'between') return Array.isArray(value) ? value : [value, value];
  return Array.isArray(value) ? value[0] : value;
}
