/** MJML for experts: what is written here wins over the blocks, until it is put away again. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Mail } from '../../../api/types';
import { tellUndo } from '../../../ui/tell-undo';
import { blocksToMjml } from '../mjml';
import style from './editor.module.css';
import { ValueField } from './value-field';

type Mjml = Mail['mjml'];
type Props = { mail: Mail; onChange: (edit: (latest: Mjml) => Mjml) => void };

export function MjmlTab({ mail, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  if (mail.mjml === null)
    return (
      <div className={style.mjmlStart}>
        <p className="muted">{t('mjml.lead')}</p>
        <Button size="xs" onClick={() => onChange(() => blocksToMjml(mail))}>
          {t('mjml.start')}
        </Button>
      </div>
    );
  const putAway = (mjml: string) => {
    onChange(() => null);
    // What was begun anew meanwhile stays.
    tellUndo(t('mjml.put_away_done'), t('undo'), async () => onChange((latest) => latest ?? mjml));
  };
  const { mjml } = mail;
  return (
    <div>
      <ValueField
        label={t('mjml.label')}
        isLong
        isCode
        value={mjml}
        onChange={(next) => onChange(() => next)}
      />
      <div className={style.mjmlLine}>
        <span className="muted small">{t('mjml.wins')}</span>
        <Button size="xs" variant="subtle" onClick={() => putAway(mjml)}>
          {t('mjml.put_away')}
        </Button>
      </div>
    </div>
  );
}
