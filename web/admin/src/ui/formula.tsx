/** A word with its formula one hover, tap or key press away. */
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './formula.module.css';

export function Formula({ children, formula }: { children: ReactNode; formula: string }) {
  return (
    <Tooltip label={formula} maw={320}>
      <button type="button" className={`${classes.formula} reach`}>
        {children}
      </button>
    </Tooltip>
  );
}
