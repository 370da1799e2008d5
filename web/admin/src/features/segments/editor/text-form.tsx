/** The same conditions as text, for those who think in formulas; the server reads and writes it. */
import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { Card } from '../../../ui/card';
import { ProblemNotice } from '../../../ui/problem-notice';
import { tell } from '../../../ui/tell';
import { asRoot, type Group } from '../tree';
import style from './side.module.css';

export function TextForm({ text, onApply }: { text: string; onApply: (root: Group) => void }) {
  const { t } = useTranslation('segments');
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? text;
  const isChanged = typed !== null && typed.trim() !== text.trim();
  const apply = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST('/api/segments/preview', { body: { text: shown } });
      return data;
    },
    onSuccess: (answer) => {
      if (!answer) return;
      onApply(asRoot(answer.tree));
      setTyped(null);
    },
  });
  const copy = async () => {
    await navigator.clipboard.writeText(shown);
    tell(t('text.copied'));
  };
  return (
    <Card>
      <details className={style.more}>
        <summary>{t('text.title')}</summary>
        <p className="muted small">{t('text.lead')}</p>
        <Textarea
          aria-label={t('text.label')}
          className={style.code}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          value={shown}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={style.line}>
          <Button size="xs" onClick={() => apply.mutate()} disabled={!isChanged} loading={apply.isPending}>
            {t('text.apply')}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => void copy()}>
            {t('text.copy')}
          </Button>
          <span className="muted small">{t(isChanged ? 'text.changed' : 'text.same')}</span>
        </div>
        {apply.error && isChanged ? <ProblemNotice error={apply.error} /> : null}
      </details>
    </Card>
  );
}
