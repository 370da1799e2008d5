/** MJML for experts: what is written here wins over the blocks, until it is put away again. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Mail } from '../../../api/types';
import { blocksToMjml } from '../mjml';
import { tellUndo } from '../tell-undo';
import style from './editor.module.css';
import { ValueField } from './value-field';

type Props = { mail: Mail; onChange: (mjml: string | null) => void };

export function MjmlTab({ mail, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  if (mail.mjml === null)
    return (
      <div className={style.mjmlStart}>
        <p className="muted">{t('mjml.lead')}</p>
        <Button size="xs" onClick={() => onChange(blocksToMjml(mail))}>
          {t('mjml.start')}
        </Button>
      </div>
    );
  const putAway = (mjml: string) => {
    onChange(null);
    tellUndo(t('mjml.put_away_done'), t('undo'), async () => onChange(mjml));
  };
  const { mjml } = mail;
  return (
    <div>
      <ValueField label={t('mjml.label')} isLong isCode value={mjml} onChange={onChange} />
      <div className={style.mjmlLine}>
        <span className="muted small">{t('mjml.wins')}</span>
        <Button size="xs" variant="subtle" onClick={() => putAway(mjml)}>
          {t('mjml.put_away')}
        </Button>
      </div>
    </div>
  );
}
