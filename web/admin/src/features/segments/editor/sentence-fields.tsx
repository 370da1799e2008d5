/** A sentence with fields in it, in the word order of the reader's language. */
import { Fragment, type ReactNode } from 'react';
import { sentenceParts } from '../sentence';
import style from './editor.module.css';

export function Sentence({ template, slots }: { template: string; slots: Record<string, ReactNode> }) {
  return (
    <span className={style.sentence}>
      {sentenceParts(template).map((part) =>
        part.slot === null ? (
          <span key={`w-${part.text}`}>{part.text}</span>
        ) : (
          <Fragment key={`s-${part.slot}`}>{slots[part.slot]}</Fragment>
        ),
      )}
    </span>
  );
}
