/** Sales taken apart: before, what the number of orders brought, what the average order brought, now. */
import { useTranslation } from 'react-i18next';
import type { Home, Money } from '../../api/types';
import { formatMoneyShort, majorUnits } from '../../format/money';
import { formatChange } from '../../format/number';
import { ChartFrame } from '../../ui/chart-frame';
import { Plot } from '../../ui/plot';
import { directionOf } from './story';

const HEIGHT = 178;
const TOP = 30;
const BASE = 150;

type Bar = {
  key: string;
  label: string;
  value: string;
  low: number;
  high: number;
  end: number;
  fill: string;
  isTotal: boolean;
};

function useBars(home: Home, days: number): Bar[] {
  const { t } = useTranslation('home');
  const before = home.sales.before.minor;
  const middle = before + home.effect_of_orders.minor;
  const now = home.sales.now.minor;
  const step = (key: 'orders' | 'average', from: number, to: number, effect: Money, change: number): Bar => ({
    key,
    label: `${t(`driver_short.${key}`)} ${formatChange(change)}`,
    value: formatMoneyShort(effect, { signed: true }),
    low: Math.min(from, to),
    high: Math.max(from, to),
    end: to,
    fill: to >= from ? 'var(--c1)' : 'var(--c2)',
    isTotal: false,
  });
  const total = (key: string, label: string, money: Money, fill: string): Bar => ({
    key,
    label,
    value: formatMoneyShort(money),
    low: 0,
    high: money.minor,
    end: money.minor,
    fill,
    isTotal: true,
  });
  return [
    total('before', t('before_days', { days }), home.sales.before, 'var(--c-base)'),
    step('orders', before, middle, home.effect_of_orders, home.orders.change),
    step('average', middle, now, home.effect_of_average, home.average_order.change),
    total('now', t('these_days', { days }), home.sales.now, 'var(--text)'),
  ];
}

/** The axis starts above zero when the two effects would otherwise be too thin to see. */
function floorOf(bars: Bar[]): number {
  const ends = bars.map((bar) => bar.end);
  const low = Math.min(...ends);
  const span = Math.max(...ends) - low;
  return low > 2 * span ? low - span * 0.5 : 0;
}

export function Waterfall({ home, days }: { home: Home; days: number }) {
  const { t } = useTranslation('home');
  const bars = useBars(home, days);
  const floor = floorOf(bars);
  const title = t(`direction.${directionOf(home)}`);
  const rows = bars.map((bar) => [
    bar.label,
    majorUnits({
      minor: bar.isTotal
        ? bar.high
        : bar.key === 'orders'
          ? home.effect_of_orders.minor
          : home.effect_of_average.minor,
      currency: home.sales.now.currency,
    }),
  ]);
  return (
    <ChartFrame
      title={title}
      level={3}
      unit={floor > 0 ? t('axis_cut') : undefined}
      fileName="najimi-home-sales"
      table={{
        head: [t('part'), t('amount', { currency: home.sales.now.currency })],
        rows,
        display: bars.map((bar) => [bar.label, bar.value]),
      }}
    >
      <Plot height={HEIGHT} label={`${title}: ${bars.map((bar) => `${bar.label} ${bar.value}`).join(', ')}`}>
        {(width) => <Bars bars={bars} floor={floor} width={width} />}
      </Plot>
    </ChartFrame>
  );
}

function Bars({ bars, floor, width }: { bars: Bar[]; floor: number; width: number }) {
  const top = Math.max(...bars.map((bar) => bar.high));
  const y = (value: number) => BASE - ((Math.max(value, floor) - floor) / (top - floor || 1)) * (BASE - TOP);
  const slot = width / 4;
  const bar = Math.min(96, slot * 0.66);
  const size = width < 440 ? 11.5 : 13.5;
  return (
    <>
      <line x1="0" x2={width} y1={BASE} y2={BASE} stroke="var(--c-zero)" />
      {bars.map((item, index) => {
        const x = index * slot + (slot - bar) / 2;
        const next = bars[index + 1];
        return (
          <g key={item.key}>
            <rect
              x={x}
              y={y(item.high)}
              width={bar}
              height={Math.max(1, y(item.low) - y(item.high))}
              fill={item.fill}
              rx="2"
            />
            {item.isTotal && floor > 0 && <Break x={x} width={bar} />}
            {next && (
              <line
                x1={x + bar}
                x2={x + slot}
                y1={y(item.end)}
                y2={y(item.end)}
                stroke="var(--text-3)"
                strokeDasharray="2 3"
              />
            )}
            <text
              x={x + bar / 2}
              y={y(item.high) - 8}
              textAnchor="middle"
              fontSize={size}
              fontWeight="600"
              fill="var(--text)"
            >
              {item.value}
            </text>
            <Label text={item.label} x={x + bar / 2} isNarrow={width < 440} />
          </g>
        );
      })}
    </>
  );
}

/** On a phone the label takes two lines: what, and by how much. */
function Label({ text, x, isNarrow }: { text: string; x: number; isNarrow: boolean }) {
  const cut = text.search(/ [+−0-9]/);
  const lines = isNarrow && cut > 0 ? [text.slice(0, cut), text.slice(cut + 1)] : [text];
  return (
    <text textAnchor="middle" fontSize={isNarrow ? 11 : 12.5} fill="var(--text-2)">
      {lines.map((line, index) => (
        <tspan key={line} x={x} y={(lines.length > 1 ? 163 : 169) + index * 13}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

/** The wave that says: this bar is cut off below. */
function Break({ x, width }: { x: number; width: number }) {
  const part = width / 4;
  return (
    <path
      d={`M${x - 2} 134l${part + 1} -5 ${part} 5 ${part} -5 ${part + 1} 5`}
      fill="none"
      stroke="var(--surface)"
      strokeWidth="4"
    />
  );
}
