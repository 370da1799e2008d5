/** An empty screen teaches: what belongs here, and one button to begin. */
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

type Props = { title: string; text: ReactNode; children?: ReactNode; level?: 1 | 2 | 3 };

export function EmptyState({ title, text, children, level = 2 }: Props) {
  const Heading = `h${level}` as const;
  return (
    <div className={classes.empty}>
      <svg viewBox="0 0 48 32" className={classes.mark} aria-hidden="true">
        <circle cx="18" cy="16" r="11" />
        <circle cx="30" cy="16" r="11" />
      </svg>
      <Heading className={classes.title}>{title}</Heading>
      <div className={classes.text}>{text}</div>
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
