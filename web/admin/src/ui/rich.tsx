/** A text whose `<b>…</b>` are set bold; nothing else in it is markup. */
import { Fragment, type ReactNode } from 'react';

export function Rich({ text }: { text: string }): ReactNode {
  const parts = text.split(/<b>(.*?)<\/b>/g);
  // Every second part stood between <b> and </b>; the order never changes, so the index is the identity.
  return parts.map((part, index) => {
    const key = `${index}`;
    return index % 2 === 1 ? <b key={key}>{part}</b> : <Fragment key={key}>{part}</Fragment>;
  });
}
