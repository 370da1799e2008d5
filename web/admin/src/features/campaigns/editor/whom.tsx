/** To whom the campaign goes, with the way to the people and to the segment. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../../../api/types';
import { Card } from '../../../ui/card';
import { useOpenPeople } from '../../../ui/people';
import style from './editor.module.css';

export function Whom({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const open = useOpenPeople();
  const { segment_id, tree, segment_text, people } = campaign;
  return (
    <Card label={t('whom.title')}>
      <div className={style.whom}>
        <p className={style.people}>
          {people === null ? t('whom.counting') : t('whom.people', { count: people })}
        </p>
        <p className="muted">{segment_text}</p>
        <p className={style.links}>
          {segment_id ? (
            <>
              <Link className="link small" to="/customers" search={{ segment: segment_id }}>
                {t('whom.see')}
              </Link>
              <Link className="link small" to="/segments/$segmentId" params={{ segmentId: segment_id }}>
                {t('whom.edit')}
              </Link>
            </>
          ) : tree ? (
            <button type="button" className="link small" onClick={() => open.mutate({ segment: tree })}>
              {t('whom.see')}
            </button>
          ) : null}
        </p>
      </div>
    </Card>
  );
}
