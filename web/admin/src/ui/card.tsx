/** A sheet of paper on the desk, and the heading of a section with what stands at its right end. */
import type { CSSProperties, ReactNode } from 'react';
import classes from './card.module.css';

type CardProps = {
  children: ReactNode;
  as?: 'section' | 'div' | 'aside';
  label?: string;
  id?: string;
  pad?: boolean;
  className?: string | undefined;
  style?: CSSProperties;
};

/** `label` names the region for screen readers; give it when the card has no heading of its own. */
export function Card({ children, as: Tag = 'section', label, id, pad = true, className, style }: CardProps) {
  const names = [classes.card, pad ? classes.pad : '', className ?? ''].join(' ').trim();
  return (
    <Tag id={id} className={names} aria-label={label} style={style}>
      {children}
    </Tag>
  );
}

type SectionProps = { title: ReactNode; note?: ReactNode; right?: ReactNode; level?: 2 | 3; id?: string };

export function SectionTitle({ title, note, right, level = 2, id }: SectionProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={classes.section}>
      <Heading className={classes.heading} id={id}>
        {title}
      </Heading>
      {note && <span className={classes.note}>{note}</span>}
      {right && <span className={classes.right}>{right}</span>}
    </div>
  );
}
