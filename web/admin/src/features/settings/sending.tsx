/** All sending at once: says when it is paused and why, and lets it go on. A restored copy begins paused. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { useMe } from '../../api/queries';
import type { SendingPause } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { ProblemNotice } from '../../ui/problem-notice';
import { ConfirmOnce } from './confirm-once';
import style from './settings.module.css';

const options = $api.queryOptions('get', '/api/settings/sending');

export function Sending() {
  const { t } = useTranslation('settings');
  const sending = $api.useQuery('get', '/api/settings/sending');
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: async (is_paused: boolean) =>
      (await client.PUT('/api/settings/sending', { body: { is_paused } })).data,
    onSuccess: (data) => data && queries.setQueryData(options.queryKey, data),
  });
  return (
    <Card>
      <SectionTitle title={t('sending.title')} />
      <Loaded query={sending} height={60}>
        {({ pause }) =>
          pause ? (
            <Paused pause={pause} isBusy={change.isPending} onResume={() => change.mutate(false)} />
          ) : (
            <div className={style.line}>
              {t('sending.goes_on')}{' '}
              <ConfirmOnce
                label={t('sending.pause')}
                text={t('sending.pause_text')}
                yes={t('sending.pause_now')}
                onYes={() => change.mutate(true)}
              />
            </div>
          )
        }
      </Loaded>
      {change.error ? <ProblemNotice error={change.error} /> : null}
    </Card>
  );
}

type PausedProps = { pause: SendingPause; isBusy: boolean; onResume: () => void };

function Paused({ pause, isBusy, onResume }: PausedProps) {
  const { t } = useTranslation('settings');
  const { zone } = useMe();
  const at = formatInstant(pause.backup_made_at ?? pause.since, zone);
  return (
    <>
      <p className={style.line}>
        <span className="tag" data-tone="attention">
          {t('sending.paused')}
        </span>{' '}
        {t(`sending.reason.${pause.reason}`, { at })}
      </p>
      <Button size="xs" loading={isBusy} onClick={onResume}>
        {t('sending.resume')}
      </Button>
    </>
  );
}
