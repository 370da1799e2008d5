/** The state of a campaign as a word; what needs somebody is 柿, what runs is green. */
import { useTranslation } from 'react-i18next';
import type { CampaignRow } from '../../api/types';

const TONES: Record<CampaignRow['state'], string> = {
  draft: 'plain',
  scheduled: 'plain',
  sending: 'good',
  paused: 'attention',
  stopped: 'plain',
  measuring: 'good',
  finished: 'plain',
};

export function StateTag({ campaign }: { campaign: CampaignRow }) {
  const { t } = useTranslation('campaigns');
  const { state, day_n, window_days } = campaign;
  const key = state === 'measuring' && day_n === null ? 'state.measuring_soon' : `state.${state}`;
  return (
    <span className="tag nowrap" data-tone={TONES[state]}>
      {t(key, { day: day_n ?? 0, window: window_days })}
    </span>
  );
}

/** A simulated campaign says so, dashed, with the effect that was put in. */
export function SimulatedTag({ effect }: { effect: number | null }) {
  const { t } = useTranslation('campaigns');
  return (
    <span className="tag" data-tone="demo">
      {effect === 0 ? t('simulated_none') : t('simulated', { effect: effect ?? 0 })}
    </span>
  );
}
