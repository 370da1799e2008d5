/** The ready mails to start from, and a blank sheet. */
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Template, TemplateId } from '../../api/types';
import { currentLanguage } from '../../i18n/language';
import { Loaded } from '../../ui/loading';
import style from './new.module.css';
import { useSaid } from './use-said';

export type Choice = TemplateId | 'empty';

export function Templates({ value, onChange }: { value: Choice; onChange: (choice: Choice) => void }) {
  const { t } = useTranslation('campaigns');
  const language = currentLanguage();
  const templates = $api.useQuery('get', '/api/templates', { params: { query: { language } } });
  return (
    <Loaded query={templates} height={140}>
      {(ready) => (
        <fieldset className={style.templates}>
          <legend className="visually-hidden">{t('new.what')}</legend>
          {ready.map((one) => (
            <TemplateCard
              key={one.template_id}
              id={one.template_id}
              mail={one.mail}
              value={value}
              onChange={onChange}
            />
          ))}
          <TemplateCard id="empty" mail={null} value={value} onChange={onChange} />
        </fieldset>
      )}
    </Loaded>
  );
}

type TemplateProps = {
  id: Choice;
  mail: Template['mail'] | null;
  value: Choice;
  onChange: (choice: Choice) => void;
};

function TemplateCard({ id, mail, value, onChange }: TemplateProps) {
  const { t } = useTranslation('campaigns');
  const said = useSaid();
  return (
    <label className={style.template}>
      <input type="radio" name="template" checked={value === id} onChange={() => onChange(id)} />
      <b>{t(`template.${id}.name`)}</b>
      <span className="muted small">{t(`template.${id}.text`)}</span>
      {mail ? <span className={style.subject}>{said(mail.subject)}</span> : null}
    </label>
  );
}
