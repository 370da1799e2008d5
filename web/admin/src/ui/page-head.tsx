/** The head of a page: where it stands, its one heading, what it covers, and what can be done with all of it. */
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './page-head.module.css';

type Crumb = { label: string; to: string };
type Props = { title: string; meta?: ReactNode; crumbs?: Crumb[]; here?: string; children?: ReactNode };

export function PageHead({ title, meta, crumbs, here, children }: Props) {
  const { t } = useTranslation('ui');
  useDocumentTitle(title);
  return (
    <div className={classes.head}>
      {crumbs && crumbs.length > 0 && (
        <nav className={classes.crumbs} aria-label={t('crumbs')}>
          {crumbs.map((crumb, index) => (
            <span key={crumb.to}>
              <Link to={crumb.to} className="reach">
                {crumb.label}
              </Link>
              {(here || index < crumbs.length - 1) && <span aria-hidden="true"> ／ </span>}
            </span>
          ))}
          {here && <span aria-current="page">{here}</span>}
        </nav>
      )}
      <h1 className={classes.title}>{title}</h1>
      {meta && <div className={classes.meta}>{meta}</div>}
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Najimi`;
  }, [title]);
}
