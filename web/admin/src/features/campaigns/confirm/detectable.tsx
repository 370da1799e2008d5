/** Which effect can be told from chance with these numbers, and how the comparison group moves it. */
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../api/queries';
import type { Confirm } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card } from '../../../ui/card';
import { Formula } from '../../../ui/formula';
import { Rich } from '../../../ui/rich';
import { atHoldout, betterHoldout, reachableRate, wholePoints } from '../arithmetic';
import style from './confirm.module.css';
import { EffectCurve } from './effect-curve';

const SHARES = [0.1, 0.2, 0.3, 0.5] as const;
type Props = { confirm: Confirm; holdout: number; onHoldout: (holdout: number) => void };

export function Detectable({ confirm, holdout, onHoldout }: Props) {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  const points = atHoldout(confirm.detectable, holdout)?.points ?? null;
  const base = confirm.base_rate;
  return (
    <Card className={style.detectable}>
      <h2 className={style.headline}>
        {points === null ? (
          t('detectable.too_few')
        ) : (
          <Rich text={t('detectable.headline', { points: wholePoints(points) })} />
        )}
      </h2>
      <p className="muted">
        {points === null
          ? t('detectable.base_only', { base })
          : t('detectable.base', { base, from: reachableRate(base, points) })}
      </p>
      <p className={style.caption}>
        <Rich text={t('detectable.axis')} />
      </p>
      <EffectCurve given={confirm.detectable} holdout={holdout} />
      <div className={style.shares}>
        <span id="holdout-label">{t('detectable.control')}</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="holdout-label"
          disabled={!can('campaigns.write')}
          value={String(holdout)}
          data={SHARES.map((share) => ({ value: String(share), label: `${formatNumber(share * 100)} %` }))}
          onChange={(next) => onHoldout(Number(next))}
        />
        <span className="muted small">{useOffer(confirm, holdout)}</span>
      </div>
      <p className="muted small">
        {t('detectable.still_sends')}{' '}
        <Formula formula={t('detectable.formula_text', { base })}>{t('formula')}</Formula>
      </p>
    </Card>
  );
}

function useOffer(confirm: Confirm, holdout: number): string {
  const { t } = useTranslation('campaigns');
  const better = betterHoldout(confirm.detectable, holdout);
  if (!better || better.points === null) return '';
  return t('detectable.offer', { share: better.holdout, points: wholePoints(better.points) });
}
