import { useTranslation } from 'react-i18next';
import type { RfmView } from '../search';
import classes from './legend.module.css';

const SEQUENCE = ['--s1', '--s2', '--s3', '--s4', '--s5', '--s6'];
const DIVERGING = ['--d-3', '--d-2', '--d0', '--d2', '--d3'];

export function Legend({ view }: { view: RfmView }) {
  const { t } = useTranslation('insights');
  const isChange = view === 'change';
  return (
    <span className={classes.legend}>
      {isChange ? t('legend.less') : t('legend.few')}
      <span aria-hidden="true">
        {(isChange ? DIVERGING : SEQUENCE).map((name) => (
          <i key={name} style={{ background: `var(${name})` }} />
        ))}
      </span>
      {isChange ? t('legend.more') : t('legend.many')}
    </span>
  );
}
