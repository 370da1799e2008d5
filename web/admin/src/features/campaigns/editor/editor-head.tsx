/** The head of the editor: whether all is saved, and the way on to the confirmation. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LeaveGuard } from '../../../ui/leave-guard';
import { PageHead } from '../../../ui/page-head';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './editor.module.css';
import { RemoveDraft } from './remove-draft';
import type { Autosave } from './use-autosave';

export function EditorHead({ draft }: { draft: Autosave }) {
  const { t } = useTranslation('campaigns');
  const navigate = useNavigate();
  const { campaign, fields, state } = draft;
  const goOn = async () => {
    if (await draft.flush())
      void navigate({ to: '/campaigns/$campaignId/confirm', params: { campaignId: campaign.campaign_id } });
  };
  return (
    <>
      <LeaveGuard isUnsaved={state === 'failed'} />
      <PageHead
        title={fields.name || t('unnamed')}
        crumbs={[{ label: t('title'), to: '/campaigns' }]}
        meta={<span role="status">{t(`save.${state}`)}</span>}
      >
        <RemoveDraft draft={draft} />
        <Button variant="filled" onClick={() => void goOn()}>
          {t('editor.to_confirm')}
        </Button>
      </PageHead>
      {state === 'conflict' ? (
        <div className={style.conflict} role="alert">
          <p>{t('save.conflict_text')}</p>
          <Button size="xs" onClick={() => globalThis.location.reload()}>
            {t('save.reload')}
          </Button>
        </div>
      ) : null}
      {state === 'failed' ? (
        <div className={style.failed}>
          <ProblemNotice error={draft.error} onRetry={() => void draft.flush()} />
        </div>
      ) : null}
    </>
  );
}
