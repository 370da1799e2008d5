/** One interval: what it is about at the left, band and point on the axis, the figure at the right. */
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { Interval } from '../../api/types';
import { axisFor } from '../../ui/axis';
import style from './result.module.css';
import { textWidth } from './text-width';

type Props = {
  unit: string;
  label: string;
  versus: string;
  interval: Interval;
  /** What one unit of the interval is on the axis: 100 for fractions as points. */
  scale: number;
  tick: (value: number, digits: number) => string;
  estimate: string;
  range: string;
};

export function IntervalRow({ unit, label, versus, interval, scale, tick, estimate, range }: Props) {
  const { t } = useTranslation('results');
  const { ref, width: measured } = useElementSize();
  const width = Math.max(200, measured || 360);
  const [low, point, high] = [interval.low * scale, interval.estimate * scale, interval.high * scale];
  const edge = Math.max(26, textWidth(t('no_difference'), 11.5) / 2 + 2);
  const axis = axisFor(Math.min(low, 0), Math.max(high, 0), width > 300 ? 4 : 2);
  const x = (value: number) => edge + ((value - axis.low) / (axis.high - axis.low)) * (width - 2 * edge);
  const word = (value: number) =>
    value === 0 ? t('no_difference') : tick(value, Number.isInteger(axis.step) ? 0 : 1);
  const reach = (value: number) => textWidth(word(value), 11.5) / 2;
  /** “No difference” is always said; a figure that would touch it stays away. */
  const isWritten = (value: number) => value === 0 || Math.abs(x(value) - x(0)) > reach(value) + reach(0) + 6;
  return (
    <section className={style.interval} aria-label={label}>
      <p className={style.unit}>{unit}</p>
      <div className={style.intervalLabel}>
        <b>{label}</b>
        <small>{versus}</small>
      </div>
      <div ref={ref} className={style.axis}>
        <svg
          viewBox={`0 0 ${width} 78`}
          width={width}
          height={78}
          role="img"
          aria-label={t('interval.aria', { label, estimate, range })}
        >
          {axis.ticks.map((value) => (
            <g key={value}>
              <line
                x1={x(value)}
                x2={x(value)}
                y1="6"
                y2="56"
                stroke={value === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
                strokeWidth={value === 0 ? 1.6 : 1}
              />
              {isWritten(value) && (
                <text x={x(value)} y="72" textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
                  {word(value)}
                </text>
              )}
            </g>
          ))}
          <rect
            x={x(low)}
            y="20"
            width={Math.max(2, x(high) - x(low))}
            height="12"
            rx="6"
            fill="var(--c1)"
            opacity=".26"
          />
          <line x1={x(low)} x2={x(high)} y1="26" y2="26" stroke="var(--c1)" strokeWidth="2" />
          <circle cx={x(point)} cy="26" r="6" fill="var(--c1)" stroke="var(--surface)" strokeWidth="2" />
        </svg>
      </div>
      <div className={style.intervalFigure}>
        <b>{estimate}</b>
        <small>{range}</small>
      </div>
    </section>
  );
}
