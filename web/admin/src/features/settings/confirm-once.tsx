/** For the few things that cannot be undone: says what will be gone, then does it. */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import style from './settings.module.css';

type Props = { label: string; text: string; yes: string; onYes: () => void };

export function ConfirmOnce({ label, text, yes, onYes }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={style.ask}>{text}</p>
        <Button
          size="xs"
          onClick={() => {
            setOpen(false);
            onYes();
          }}
        >
          {yes}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
