/** How far the sending is, in one sentence and one bar. Captured mails are never called delivered. */
import { useTranslation } from 'react-i18next';
import type { Campaign, Delivery } from '../../../api/types';
import { Rich } from '../../../ui/rich';
import { finishedCount, finishedShare, secondsLeft, skippedCount, underWay } from './counts';
import style from './delivery.module.css';
import { Trouble } from './trouble';

type Props = { campaign: Campaign; delivery: Delivery };

export function Progress({ campaign, delivery }: Props) {
  const { t } = useTranslation('campaigns');
  const note = useNote(campaign, delivery);
  const share = finishedShare(delivery);
  const width = (count: number) => `${(delivery.total > 0 ? (100 * count) / delivery.total : 0).toFixed(2)}%`;
  return (
    <div aria-live="polite">
      <h2 className={style.headline}>
        <Rich text={useHeadline(campaign, delivery)} />
      </h2>
      {delivery.trouble && campaign.state === 'sending' ? null : <p className="muted">{note}</p>}
      {delivery.trouble ? <Trouble trouble={delivery.trouble} /> : null}
      <div
        className={style.bar}
        role="progressbar"
        aria-label={t('delivery.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i className={style.good} style={{ width: width(delivery.accepted + delivery.captured) }} />
        <i className={style.failed} style={{ width: width(delivery.failed) }} />
        <i className={style.skipped} style={{ width: width(skippedCount(delivery)) }} />
      </div>
      <p className={style.scale}>
        <span>{t('delivery.done_of', { done: finishedCount(delivery), total: delivery.total })}</span>
        <span>{t('delivery.share', { share })}</span>
      </p>
    </div>
  );
}

function useHeadline({ state }: Campaign, delivery: Delivery): string {
  const { t } = useTranslation('campaigns');
  if (state === 'scheduled') return t('delivery.scheduled', { count: delivery.total });
  const { captured, accepted } = delivery;
  if (captured > 0 && accepted === 0) return t('delivery.captured', { count: captured });
  if (captured > 0) return t('delivery.both', { accepted, captured });
  return t('delivery.accepted', { count: accepted });
}

function useNote({ state }: Campaign, delivery: Delivery): string {
  const { t } = useTranslation('campaigns');
  if (state === 'paused') return t('delivery.paused');
  if (state === 'stopped') return t('delivery.stopped');
  if (state === 'scheduled') return t('delivery.waiting');
  if (state !== 'sending' && underWay(delivery) === 0)
    return t('delivery.over', { failed: delivery.failed, skipped: skippedCount(delivery) });
  const seconds = secondsLeft(delivery);
  if (seconds === null) return t('delivery.starting');
  return t('delivery.speed', { rate: Math.round(delivery.rate_per_s ?? 0), seconds });
}
