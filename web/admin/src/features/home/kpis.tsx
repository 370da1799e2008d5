/** The four figures under the sentence; each leads on to the people or to its own page. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { F2Cohort, Home } from '../../api/types';
import { formatDayRange, formatMonthShort } from '../../format/day';
import { moneyParts } from '../../format/money';
import { formatChange, formatNumber, formatSigned } from '../../format/number';
import { Card } from '../../ui/card';
import { Formula } from '../../ui/formula';
import { People } from '../../ui/people';
import classes from './kpis.module.css';
import { Sparkline } from './sparkline';

export function Kpis({ home }: { home: Home }) {
  const { t } = useTranslation('home');
  const average = moneyParts(home.average_order.now);
  const weekly = home.weekly;
  const buyers = t('buyers_title', { range: formatDayRange(home.period.from, home.period.to) });
  const shaded = Math.max(1, Math.round(daysOf(home) / 7));
  return (
    <Card label={t('kpi.label')} pad={false} className={classes.kpis}>
      <Kpi
        label={<Formula formula={t('kpi.orders_formula')}>{t('kpi.orders')}</Formula>}
        value={
          <People people={home.buyers.people} title={buyers} className={classes.door}>
            {formatNumber(home.orders.now)}
            <small>{t('kpi.orders_unit')}</small>
          </People>
        }
        change={home.orders.change}
        note={t('kpi.orders_from', { count: home.orders.before })}
        line={<Sparkline values={weekly.map((week) => week.orders)} shaded={shaded} label={t('kpi.weeks')} />}
      />
      <Kpi
        label={<Formula formula={t('kpi.average_formula')}>{t('kpi.average')}</Formula>}
        value={
          <Link to="/insights/decile" className={classes.door}>
            {average.value}
            <small>{average.unit}</small>
          </Link>
        }
        change={home.average_order.change}
        note={t('kpi.from', { value: home.average_order.before })}
        line={
          <Sparkline
            values={weekly.map((week) => week.average_order)}
            shaded={shaded}
            label={t('kpi.weeks')}
          />
        }
      />
      <Kpi
        label={<Formula formula={t('kpi.buyers_formula')}>{t('kpi.buyers')}</Formula>}
        value={
          <People people={home.buyers.people} title={buyers} className={classes.door}>
            {formatNumber(home.buyers.now)}
            <small>{t('kpi.people_unit')}</small>
          </People>
        }
        change={home.buyers.change}
        note={t('kpi.first', {
          count: home.buyers.first,
          difference: formatSigned(home.buyers.first - home.buyers.first_before),
        })}
        line={<Sparkline values={weekly.map((week) => week.buyers)} shaded={shaded} label={t('kpi.weeks')} />}
      />
      <F2Kpi cohorts={home.f2.cohorts} />
    </Card>
  );
}

function daysOf(home: Home): number {
  return (Date.parse(home.period.to) - Date.parse(home.period.from)) / 86_400_000 + 1;
}

type KpiProps = { label: ReactNode; value: ReactNode; change: number; note: string; line: ReactNode };

function Kpi({ label, value, change, note, line }: KpiProps) {
  return (
    <div className={classes.kpi}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>{value}</div>
      <div className={classes.note}>
        <b className={change < 0 ? 'down' : 'up'}>{formatChange(change)}</b> {note}
      </div>
      {line}
    </div>
  );
}

/** The youngest cohort whose 90 days are over; the younger ones are still being measured. */
function F2Kpi({ cohorts }: { cohorts: F2Cohort[] }) {
  const { t } = useTranslation('home');
  const final = cohorts.filter((cohort) => cohort.state === 'final' && cohort.rate !== null);
  const last = final.at(-1);
  const measuring = cohorts.find((cohort) => cohort.state === 'measuring');
  const rate = (cohort: F2Cohort) => formatNumber((cohort.rate ?? 0) * 100, 1);
  return (
    <div className={classes.kpi}>
      <div className={classes.label}>
        <Formula formula={t('kpi.f2_formula')}>{t('kpi.f2')}</Formula>
      </div>
      <div className={classes.value}>
        <Link to="/insights/f2" className={classes.door}>
          {last ? rate(last) : '–'}
          {last && <small>%</small>}
        </Link>
      </div>
      <div className={classes.note}>{last ? t('kpi.f2_of', { month: last.month }) : t('kpi.f2_none')}</div>
      <p className={classes.wait}>
        {final
          .slice(-4, -1)
          .map((cohort) => `${formatMonthShort(cohort.month)} ${rate(cohort)}`)
          .join('・')}
        {measuring && (
          <>
            <br />
            {t('kpi.f2_measuring', { month: measuring.month })}
          </>
        )}
      </p>
    </div>
  );
}
