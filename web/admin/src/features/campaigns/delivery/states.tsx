/** Every state with its number; each number filters the messages below. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Campaign, Delivery } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import { Formula } from '../../../ui/formula';
import { MESSAGE_STATES } from './counts';
import style from './delivery.module.css';

export function States({ campaign, delivery }: { campaign: Campaign; delivery: Delivery }) {
  const { t, i18n } = useTranslation('campaigns');
  const params = { campaignId: campaign.campaign_id };
  const shown = MESSAGE_STATES.filter((state) => delivery[state] > 0 || state === 'failed');
  const reason = (code: string) =>
    i18n.exists(`skipped.${code}`, { ns: 'campaigns' }) ? t(`skipped.${code}`) : code;
  return (
    <Card as="aside">
      <SectionTitle title={t('delivery.states')} />
      <table className={style.states}>
        <tbody>
          {shown.map((state) => (
            <tr key={state}>
              <th scope="row">
                <Formula formula={t(`message_state_text.${state}`)}>{t(`message_state.${state}`)}</Formula>
              </th>
              <td>
                {delivery[state] > 0 ? (
                  <Link
                    className="link"
                    to="/campaigns/$campaignId/delivery"
                    params={params}
                    search={{ state }}
                  >
                    {formatNumber(delivery[state])}
                  </Link>
                ) : (
                  formatNumber(0)
                )}
              </td>
            </tr>
          ))}
          {delivery.skipped.map((one) => (
            <tr key={one.reason}>
              <th scope="row">{t('delivery.skipped_because', { reason: reason(one.reason) })}</th>
              <td>{formatNumber(one.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
