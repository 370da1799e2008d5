/** What is wider than its place scrolls sideways, and shows that it does: a fading edge, and a word where it begins. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './scroll-x.module.css';

type Props = { label: string; children: ReactNode; className?: string | undefined; isBusy?: boolean };

export function ScrollX({ label, children, className = '', isBusy = false }: Props) {
  const { t } = useTranslation('ui');
  const box = useRef<HTMLElement>(null);
  const [more, setMore] = useState({ before: false, after: false, isTall: false });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const rest = element.scrollWidth - element.clientWidth - element.scrollLeft;
      // Half a pixel is left over where the browser rounds.
      const next = {
        before: element.scrollLeft > 1,
        after: rest > 1,
        isTall: element.scrollHeight - element.clientHeight > 1,
      };
      setMore((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, []);
  return (
    <div
      className={classes.frame}
      data-before={more.before || undefined}
      data-after={more.after || undefined}
    >
      {(more.before || more.after) && (
        <p className={classes.hint} aria-hidden="true">
          {t('scroll_sideways')}
        </p>
      )}
      <div className={classes.edge}>
        <section
          ref={box}
          className={`${classes.scroll} ${className}`}
          tabIndex={more.before || more.after || more.isTall ? 0 : undefined}
          aria-label={label}
          aria-busy={isBusy || undefined}
        >
          {children}
        </section>
      </div>
    </div>
  );
}
