/** Both groups as a table whose numbers lead to the people. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import type { Arm, CampaignResult } from '../../api/types';
import { formatMoney, majorUnits } from '../../format/money';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { downloadCsv } from '../../ui/csv';
import { Formula } from '../../ui/formula';
import { People } from '../../ui/people';
import style from './result.module.css';

type Row = { key: string; write: (arm: Arm) => ReactNode; raw: (arm: Arm) => number | null; unit?: string };

const plain = (value: number | null): string => (value === null ? '–' : formatNumber(value));

function rowsOf(isCaptured: boolean, currency: string, see: (count: number) => string): Row[] {
  const door = (key: 'assigned' | 'buyers', people: 'people' | 'buyers_people'): Row => ({
    key,
    raw: (arm) => arm[key],
    write: (arm) =>
      arm[key] > 0 ? (
        <People people={arm[people]} label={see(arm[key])}>
          {formatNumber(arm[key])}
        </People>
      ) : (
        formatNumber(0)
      ),
  });
  const counted = (key: 'sent' | 'opened' | 'clicked' | 'unsubscribed', name: string = key): Row => ({
    key: name,
    raw: (arm) => arm[key],
    write: (arm) => plain(arm[key]),
  });
  return [
    door('assigned', 'people'),
    door('buyers', 'buyers_people'),
    { key: 'rate', raw: (arm) => percentOf(arm.rate), unit: '%', write: (arm) => formatPercent(arm.rate) },
    {
      key: 'sales_per_head',
      unit: currency,
      raw: (arm) => majorUnits(arm.sales_per_head),
      write: (arm) => formatMoney(arm.sales_per_head),
    },
    counted('sent', isCaptured ? 'captured' : 'sent'),
    counted('opened'),
    counted('clicked'),
    counted('unsubscribed'),
  ];
}

export function Arms({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { mail } = useMe();
  const rows = rowsOf(
    mail === 'capture' && !result.is_simulated,
    result.treated.sales_per_head.currency,
    (count) => t('arms.see', { count }),
  );
  const { treated, control } = result;
  const save = () =>
    downloadCsv(
      `${result.name}-groups`,
      ['', t('sent_group'), t('control_group')],
      rows.map((row) => [
        t(`arms.${row.key}`) + (row.unit ? ` (${row.unit})` : ''),
        row.raw(treated),
        row.raw(control),
      ]),
    );
  return (
    <Card className={result.is_simulated ? style.dashed : undefined}>
      <SectionTitle
        title={t('arms.title')}
        right={
          <button type="button" className="link" onClick={save}>
            CSV
          </button>
        }
      />
      <table className={style.arms}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{t('arms.what')}</span>
            </th>
            <th scope="col">{t('sent_group')}</th>
            <th scope="col">{t('control_group')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <Formula formula={t(`arms_text.${row.key}`)}>{t(`arms.${row.key}`)}</Formula>
              </th>
              <td>{row.write(treated)}</td>
              <td>{row.write(control)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={style.armsNote}>{t('arms.note')}</p>
    </Card>
  );
}
