/** Orders on a line of days, as high as their amounts; the stretch since the expected day is shaded. */
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import type { Rhythm } from '../../api/types';
import { addDays, daysBetween, formatDayShort, formatMonthShort } from '../../format/day';
import { formatMoney, majorUnits } from '../../format/money';
import { ChartFrame } from '../../ui/chart-frame';
import { keysOf } from '../../ui/keys';
import { Plot } from '../../ui/plot';

const HEIGHT = 74;
const BASE = 50;
const TOP = 8;
const DAYS_SHOWN = 365;
/** A phone shows the last part of the line only, so that bars stay apart. */
const PX_PER_DAY = 1.9;

export function RhythmChart({ rhythm }: { rhythm: Rhythm }) {
  const { t } = useTranslation('customers');
  const { today } = useMe();
  const last = rhythm.orders.at(-1);
  const label = t('rhythm.chart_label', {
    count: rhythm.orders.length,
    open: rhythm.open_days,
    usual: rhythm.usual_days,
  });
  return (
    <ChartFrame
      level={3}
      title={
        last
          ? t('rhythm.found', { day: last.day, amount: formatMoney(last.amount) })
          : t('rhythm.chart_title')
      }
      note={t('rhythm.chart_note')}
      fileName="najimi-orders"
      table={{
        head: [t('rhythm.day'), `${t('rhythm.amount')} (${last?.amount.currency ?? ''})`],
        rows: rhythm.orders.map((order) => [order.day, majorUnits(order.amount)]),
        display: rhythm.orders.map((order) => [order.day, formatMoney(order.amount)]),
      }}
    >
      <Plot height={HEIGHT} label={label} fallbackWidth={760}>
        {(width) => <Line rhythm={rhythm} today={today} width={width} />}
      </Plot>
    </ChartFrame>
  );
}

function firstDay(rhythm: Rhythm, today: string, width: number): string {
  const span = Math.min(DAYS_SHOWN, Math.round(width / PX_PER_DAY));
  const first = rhythm.orders[0]?.day ?? today;
  const earliest = addDays(today, -span);
  return first > earliest ? addDays(first, -3) : earliest;
}

type LineProps = { rhythm: Rhythm; today: string; width: number };

function Line({ rhythm, today, width }: LineProps) {
  const { t } = useTranslation('customers');
  const from = firstDay(rhythm, today, width);
  const days = Math.max(1, daysBetween(from, today));
  const right = width - 16;
  const x = (day: string) => 8 + (daysBetween(from, day) / days) * (right - 8);
  const orders = rhythm.orders.filter((order) => order.day >= from);
  const keys = keysOf(orders.map((order) => order.day));
  const largest = Math.max(...rhythm.orders.map((order) => order.amount.minor), 1);
  const isLate = rhythm.late_days > 0;
  const expected = x(rhythm.expected_on);
  return (
    <>
      {isLate && (
        <rect
          x={expected}
          y="6"
          width={Math.max(0, right - expected)}
          height={BASE - 6}
          fill="var(--attn-soft)"
        />
      )}
      <line x1="0" x2={width} y1={BASE} y2={BASE} stroke="var(--c-zero)" />
      {orders.map((order, index) => (
        <line
          key={keys[index]}
          x1={x(order.day)}
          x2={x(order.day)}
          y1={BASE}
          y2={BASE - Math.max(3, (Math.max(0, order.amount.minor) / largest) * (BASE - TOP))}
          stroke="var(--c1)"
          strokeWidth={width < 440 ? 4 : 5}
        />
      ))}
      <line x1={right} x2={right} y1="2" y2={BASE} stroke="var(--text)" strokeWidth="1.5" />
      <text x={right + 14} y="66" textAnchor="end" fontSize="11.5" fontWeight="600" fill="var(--text)">
        {t('rhythm.today')}
      </text>
      {isLate && <Late rhythm={rhythm} expected={expected} right={right} />}
      <Months
        from={from}
        to={isLate ? rhythm.expected_on : today}
        x={x}
        limit={isLate ? expected - 74 : right - 40}
      />
    </>
  );
}

function Late({ rhythm, expected, right }: { rhythm: Rhythm; expected: number; right: number }) {
  const { t } = useTranslation('customers');
  const isWide = right - expected > 62;
  return (
    <>
      <line x1={expected} x2={expected} y1="6" y2={BASE} stroke="var(--attn-mark)" strokeDasharray="3 3" />
      <text x={Math.min(expected, right - 78)} y="66" textAnchor="middle" fontSize="11.5" fill="var(--attn)">
        {t('rhythm.expected', { day: formatDayShort(rhythm.expected_on) })}
      </text>
      {isWide && (
        <text
          x={(expected + right) / 2}
          y="32"
          textAnchor="middle"
          fontSize="12"
          fontWeight="600"
          fill="var(--attn)"
        >
          {t('rhythm.late_short', { days: rhythm.late_days })}
        </text>
      )}
    </>
  );
}

type MonthsProps = { from: string; to: string; x: (day: string) => number; limit: number };

/** Every second month; the first label also says the day where the line begins. */
function Months({ from, to, x, limit }: MonthsProps) {
  const firsts: string[] = [];
  for (let day = nextMonth(from); day <= to; day = nextMonth(day)) firsts.push(day);
  const step = firsts.length > 7 ? 2 : 1;
  return firsts
    .filter((day, index) => index % step === 0 && x(day) > 16 && x(day) < limit)
    .map((day) => (
      <text key={day} x={x(day)} y="66" textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
        {formatMonthShort(day)}
      </text>
    ));
}

function nextMonth(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}
