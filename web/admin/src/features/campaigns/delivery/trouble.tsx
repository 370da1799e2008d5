/** Why messages wait although the campaign runs, in a sentence, and the way to what mends it. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../api/queries';
import type { Delivery } from '../../../api/types';

export function Trouble({ trouble }: { trouble: NonNullable<Delivery['trouble']> }) {
  const { t, i18n } = useTranslation('campaigns');
  const can = useCan();
  const { code, sentence } = trouble;
  const key = `delivery.trouble.${code}`;
  return (
    <p className="down">
      {t(i18n.exists(key, { ns: 'campaigns' }) ? key : 'delivery.trouble.other', { sentence })}{' '}
      {can('settings.manage') ? (
        <Link className="link" to={code === 'paused' ? '/settings/system' : '/settings/mail'}>
          {t('delivery.to_settings')}
        </Link>
      ) : null}
    </p>
  );
}
