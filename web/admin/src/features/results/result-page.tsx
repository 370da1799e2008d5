/** The result of a campaign: one sentence first, then the evidence, then what to do next. */
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { CampaignResult } from '../../api/types';
import { Loaded } from '../../ui/loading';
import { Arms } from './arms';
import { BuyersChart } from './buyers-chart';
import { HarmCard } from './harm';
import { Headline } from './headline';
import { Intervals } from './intervals';
import style from './result.module.css';

export function ResultPage() {
  const { campaignId } = useParams({ from: '/signed-in/results/$campaignId' });
  const result = $api.useQuery('get', '/api/campaigns/{id}/result', { params: { path: { id: campaignId } } });
  return (
    <Loaded query={result} height={520}>
      {(data) => <Whole result={data} />}
    </Loaded>
  );
}

function Whole({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  return (
    <>
      <Headline result={result} />
      <div className={style.layout}>
        <div className={style.column}>
          <Intervals result={result} />
          <BuyersChart result={result} />
        </div>
        <aside className={style.column}>
          <HarmCard result={result} />
          <Arms result={result} />
          {result.left_out.merged > 0 ? (
            <p className="muted small">{t('left_out', { count: result.left_out.merged })}</p>
          ) : null}
        </aside>
      </div>
    </>
  );
}
