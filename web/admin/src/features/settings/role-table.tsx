/** What each role is for, in a sentence. */
import { useTranslation } from 'react-i18next';
import { Card, SectionTitle } from '../../ui/card';
import { ROLES } from './roles';
import style from './settings.module.css';

export function RoleTable() {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <SectionTitle title={t('team.roles')} />
      <dl className={style.roles}>
        {ROLES.map((role) => (
          <div key={role}>
            <dt>{t(`role.${role}`)}</dt>
            <dd>{t(`role_text.${role}`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
