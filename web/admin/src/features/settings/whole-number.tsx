/** A whole number within bounds; full-width digits are read too, and what is no such number is not taken. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../format/number';

type Props = { label: string; value: number; min: number; max: number; onChange: (value: number) => void };

export function WholeNumber({ label, value, min, max, onChange }: Props) {
  const { t } = useTranslation('settings');
  // Null while nothing is being typed: then the field shows the number that counts.
  const [typed, setTyped] = useState<string | null>(null);
  const isWithin = (text: string) => text !== '' && Number(text) >= min && Number(text) <= max;
  const type = (text: string) => {
    const digits = text.normalize('NFKC').replace(/\D/g, '');
    setTyped(digits);
    if (isWithin(digits)) onChange(Number(digits));
  };
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      value={typed ?? String(value)}
      error={
        typed === null || isWithin(typed)
          ? null
          : t('number_bounds', { min: formatNumber(min), max: formatNumber(max) })
      }
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
