/** When, and the one filled button of the page. */
import { Button, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan, useMe } from '../../../api/queries';
import type { Campaign, Confirm } from '../../../api/types';
import { addDays, formatInstant } from '../../../format/day';
import { Card, SectionTitle } from '../../../ui/card';
import { tellProblem } from '../../../ui/tell';
import { Problems } from '../editor/problems';
import { Warnings } from '../editor/warnings';
import { newIdempotencyKey } from '../idempotency';
import { instantOf, tomorrowMorning, wallOf } from '../schedule';
import style from './confirm.module.css';

type Props = { campaign: Campaign; confirm: Confirm; isBehind: boolean };

export function SendCard({ campaign, confirm, isBehind }: Props) {
  const { t } = useTranslation('campaigns');
  const me = useMe();
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [wall, setWall] = useState(() => tomorrowMorning(me.today));
  const at = when === 'later' ? instantOf(wall, me.zone) : null;
  const resultOn = at === null ? confirm.result_on : addDays(wall.slice(0, 10), campaign.window_days);
  const send = useSend(campaign);
  const blocked = useBlocked(confirm, isBehind, when === 'later' && (at === null || at <= me.now));
  return (
    <>
      <Problems problems={confirm.problems} />
      <Warnings campaignId={campaign.campaign_id} warnings={confirm.warnings} blocks={campaign.mail.blocks} />
      <Card>
        <SectionTitle title={t('send.when')} />
        <div className={style.when}>
          <SegmentedControl
            size="xs"
            aria-label={t('send.when')}
            value={when}
            onChange={(next) => setWhen(next as 'now' | 'later')}
            data={[
              { value: 'now', label: t('send.now') },
              { value: 'later', label: t('send.later') },
            ]}
          />
          <span className="muted small">{t('send.result_on', { day: resultOn })}</span>
        </div>
        {me.demo && resultOn > me.demo.last_day ? (
          <p className={style.demo}>{t('send.demo_ends', { day: me.demo.last_day })}</p>
        ) : null}
        {when === 'later' ? (
          <TextInput
            type="datetime-local"
            mt={10}
            label={t('send.at', { zone: me.zone })}
            value={wall}
            min={wallOf(me.now, me.zone)}
            onChange={(event) => setWall(event.currentTarget.value)}
          />
        ) : null}
        <Tooltip label={blocked} disabled={blocked === null}>
          <Button
            variant="filled"
            fullWidth
            size="lg"
            fz={14}
            my={12}
            aria-disabled={blocked !== null}
            data-disabled={blocked !== null || undefined}
            loading={send.isPending}
            onClick={() => blocked === null && send.mutate(at)}
          >
            {useButtonText(confirm, at, me.zone)}
          </Button>
        </Tooltip>
        {blocked ? (
          <p className={style.blocked} role="status">
            {blocked}
          </p>
        ) : null}
        <p className="muted small">{t('send.note', { days: confirm.cap.days, max: confirm.cap.max })}</p>
      </Card>
    </>
  );
}

function useButtonText({ delivery, send }: Confirm, at: string | null, zone: string): string {
  const { t } = useTranslation('campaigns');
  const key = at === null ? `send.${delivery}` : `send.${delivery}_later`;
  return t(key, { count: send, at: at === null ? '' : formatInstant(at, zone) });
}

function useBlocked(confirm: Confirm, isBehind: boolean, isBadTime: boolean): string | null {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  if (!can('campaigns.send')) return t('send.no_permission');
  if (confirm.problems.length > 0) return t('send.has_problems', { count: confirm.problems.length });
  if (confirm.send === 0) return t('send.nobody');
  if (isBadTime) return t('send.bad_time');
  return isBehind ? t('send.counting') : null;
}

function useSend(campaign: Campaign) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  // One key for this visit and this order: pressing twice, or again after a lost answer, sends once.
  const [key] = useState(newIdempotencyKey);
  return useMutation({
    mutationFn: (at: string | null) =>
      client.POST('/api/campaigns/{id}/send', {
        params: {
          path: { id: campaign.campaign_id },
          header: { 'Idempotency-Key': `${key}-${campaign.version}-${at ?? 'now'}` },
        },
        body: { at, version: campaign.version },
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns'] });
      queries.removeQueries({ queryKey: ['get', '/api/campaigns/{id}'] });
      void navigate({ to: '/campaigns/$campaignId/delivery', params: { campaignId: campaign.campaign_id } });
    },
    onError: tellProblem,
  });
}
