/** The one sentence, the day, and the next step. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../api/queries';
import type { CampaignResult } from '../../api/types';
import { formatDayRange } from '../../format/day';
import { formatPoints, formatRange } from '../../format/number';
import { Card } from '../../ui/card';
import { useDocumentTitle } from '../../ui/page-head';
import { useOpenPeople } from '../../ui/people';
import { Rich } from '../../ui/rich';
import style from './result.module.css';
import { SimulatedTag } from './simulated-tag';
import { useAgain } from './use-again';
import { totalBuyers } from './verdict';

export function Headline({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { name, day_n, window_days, from, to, segment_text, verdict, is_simulated } = result;
  const endsDemo = useDemoEnd(result);
  useDocumentTitle(`${name} – ${t('title')}`);
  return (
    <>
      <nav className={style.crumbs} aria-label={t('crumbs')}>
        <Link to="/results">{t('title')}</Link> ／ {name}
      </nav>
      <Card className={is_simulated ? `${style.one} ${style.dashed}` : style.one} label={t('verdict_label')}>
        <div>
          <p className={style.meta}>
            <span className="tag">
              {t('day_of', { day: Math.min(day_n, window_days), window: window_days })}
            </span>
            <span className="muted">
              {formatDayRange(from, to)}
              {t('list_mark')}
              {segment_text}
            </span>
          </p>
          <h1 className={style.verdict}>{t(`verdict.${verdict}.title`)}</h1>
          <p className={style.say}>
            <Numbers result={result} />
            <br />
            {endsDemo
              ? t('demo_ends', { day: endsDemo })
              : t(`verdict.${verdict}.text`, { count: Math.max(0, window_days - day_n) })}
          </p>
          {is_simulated ? <SimulatedTag effect={result.true_effect} /> : null}
          <Days day={day_n} window={window_days} />
        </div>
        <Next result={result} />
      </Card>
    </>
  );
}

/** The demo's orders end some day: a window that reaches behind it never closes. */
function useDemoEnd({ to, verdict }: CampaignResult): string | null {
  const { demo } = useMe();
  return demo && verdict === 'measuring' && to > demo.last_day ? demo.last_day : null;
}

function Numbers({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { treated, control, rate } = result;
  const shares = <Rich text={t('say.rates', { treated: treated.rate, control: control.rate })} />;
  if (!rate)
    return (
      <>
        {shares}
        {t('say.stop')}
      </>
    );
  const range = formatRange(formatPoints(rate.low), formatPoints(rate.high));
  return (
    <>
      {shares}
      <Rich text={t('say.difference', { points: rate.estimate })} />
      <span className="nowrap">{t('say.range', { range })}</span>
    </>
  );
}

function Days({ day, window }: { day: number; window: number }) {
  const days = Array.from({ length: window }, (_, index) => index + 1);
  return (
    <div className={style.days} aria-hidden="true">
      {days.map((one) => (
        <i key={one} data-done={one <= day} />
      ))}
    </div>
  );
}

function Next({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const can = useCan();
  const again = useAgain(result);
  const open = useOpenPeople();
  const buyers = totalBuyers(result);
  const offersAgain = result.next !== null && can('campaigns.write') && can('campaigns.read');
  const offersPeople = buyers > 0 && can('customers.read');
  if (!offersAgain && !offersPeople) return null;
  return (
    <div className={style.next}>
      <p className="muted small">{t('next.title')}</p>
      {offersAgain && result.next ? (
        <Button variant="filled" loading={again.isPending} onClick={() => again.mutate()}>
          {t('next.again', { share: result.next.holdout })}
        </Button>
      ) : null}
      {offersPeople ? (
        <Button loading={open.isPending} onClick={() => open.mutate({ people: result.buyers_people })}>
          {t('next.buyers', { count: buyers })}
        </Button>
      ) : null}
    </div>
  );
}
