/** 区切りを変える: where the bands of days and of orders begin and end. */
import { Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './bands.module.css';
import { DEFAULT_F, DEFAULT_R } from './cells';

type Props = { r: number[]; f: number[]; onChange: (r: number[], f: number[]) => void };

const BANDS_MAX = 8;

/** "30, 60、90" → [30, 60, 90]; null when it is not a rising list of whole numbers from 1. */
export function parseBounds(text: string): number[] | null {
  const narrow = text.normalize('NFKC');
  const parts = narrow.split(/[\s,、]+/).filter(Boolean);
  const bounds = parts.map(Number);
  const isRising = bounds.every(
    (bound, index) => Number.isInteger(bound) && bound >= 1 && bound > (bounds[index - 1] ?? 0),
  );
  return bounds.length > 0 && bounds.length <= BANDS_MAX && isRising ? bounds : null;
}

export function BandsButton({ r, f, onChange }: Props) {
  const { t } = useTranslation('insights');
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={320} trapFocus shadow="md">
      <Popover.Target>
        <Button size="xs" onClick={() => setOpen((open) => !open)}>
          {t('rfm.change_bands')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <BandsForm
          r={r}
          f={f}
          onChange={(nextR, nextF) => {
            setOpen(false);
            onChange(nextR, nextF);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function BandsForm({ r, f, onChange }: Props) {
  const { t } = useTranslation('insights');
  const [days, setDays] = useState(r.join(', '));
  const [orders, setOrders] = useState(f.join(', '));
  const [isChecked, setChecked] = useState(false);
  const nextR = parseBounds(days);
  const nextF = parseBounds(orders);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (nextR && nextF) onChange(nextR, nextF);
  };
  const wrong = t('rfm.bands_wrong', { max: BANDS_MAX });
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label={t('rfm.bands_r')}
        description={t('rfm.bands_r_hint')}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        error={isChecked && !nextR ? wrong : null}
        inputMode="numeric"
      />
      <TextInput
        label={t('rfm.bands_f')}
        description={t('rfm.bands_f_hint')}
        value={orders}
        onChange={(event) => setOrders(event.currentTarget.value)}
        error={isChecked && !nextF ? wrong : null}
        inputMode="numeric"
      />
      <div className={classes.actions}>
        <Button size="xs" type="submit" variant="filled">
          {t('rfm.bands_apply')}
        </Button>
        <Button size="xs" onClick={() => onChange(DEFAULT_R, DEFAULT_F)}>
          {t('rfm.bands_reset')}
        </Button>
      </div>
    </form>
  );
}
