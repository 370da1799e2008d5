/** Says on every page what is real in the demo and what is not. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './demo-banner.module.css';

export function DemoBanner({ isLarge }: { isLarge: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <aside className={classes.banner} aria-label={t('demo.banner_label')}>
      <span className={classes.long}>{t(isLarge ? 'demo.banner_large' : 'demo.banner')}</span>
      <span className={classes.short}>{t(isLarge ? 'demo.banner_large_short' : 'demo.banner_short')}</span>
      <Link to="/demo" className="link">
        {t('demo.about')}
      </Link>
    </aside>
  );
}
