/** From the chosen people to the sent ones: each step is a door to the people who leave there. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Confirm, PeopleRef } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card } from '../../../ui/card';
import { Formula } from '../../../ui/formula';
import { People } from '../../../ui/people';
import { Rich } from '../../../ui/rich';
import { addsUp, type Door, funnelDoors, shareOf } from '../arithmetic';
import style from './confirm.module.css';

export function Funnel({ confirm }: { confirm: Confirm }) {
  const { t } = useTranslation('campaigns');
  const { chosen, sendable, control, send, cap } = confirm;
  const doors = funnelDoors(chosen, confirm.steps);
  return (
    <Card className={style.funnel} label={t('confirm.funnel')}>
      <h2 className={style.big}>
        <Rich text={t('confirm.headline', { send, control })} />
      </h2>
      <p className="muted">{t('confirm.headline_note', { chosen, sendable })}</p>
      <ul className={style.doors}>
        <Line
          label={t('confirm.chosen')}
          count={formatNumber(chosen)}
          people={chosen > 0 ? confirm.chosen_people : null}
        >
          <i className={style.all} style={{ left: 0, width: '100%' }} />
        </Line>
        {doors.map((door) => (
          <Line
            key={door.code}
            label={t(`step.${door.code}.name`)}
            note={t(`step.${door.code}.note`, { days: cap.days })}
            count={`−${formatNumber(door.count)}`}
            people={door.count > 0 ? door.people : null}
          >
            <Lost door={door} />
          </Line>
        ))}
        <Line
          isTotal
          label={t('confirm.sendable')}
          count={formatNumber(sendable)}
          people={sendable > 0 ? confirm.sendable_people : null}
        >
          <i className={style.send} style={{ left: 0, width: percent(shareOf(send, chosen)) }} />
          <i
            className={style.control}
            style={{ left: percent(shareOf(send, chosen)), width: percent(shareOf(control, chosen)) }}
          />
        </Line>
      </ul>
      <p className={style.split}>
        <span>
          <i className={style.send} />
          <Rich text={t('confirm.send_part', { count: send, share: shareOf(send, sendable) })} />
        </span>
        <span>
          <i className={style.control} />
          <Rich text={t('confirm.control_part', { count: control, share: shareOf(control, sendable) })} />
        </span>
        <span className={style.lot}>
          <Formula formula={t('confirm.lot_text')}>{t('confirm.lot')}</Formula>
        </span>
      </p>
      {addsUp(confirm) ? null : (
        <p className={style.problem} role="alert">
          {t('confirm.does_not_add_up')}
        </p>
      )}
    </Card>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function Lost({ door }: { door: Door }) {
  return (
    <>
      <i className={style.left} style={{ left: 0, width: percent(door.leftShare) }} />
      <i className={style.lost} style={{ left: percent(door.leftShare), width: percent(door.lostShare) }} />
    </>
  );
}

type LineProps = {
  label: string;
  note?: string;
  count: string;
  people: PeopleRef | null;
  isTotal?: boolean;
  children: ReactNode;
};

function Line({ label, note, count, people, isTotal = false, children }: LineProps) {
  const { t } = useTranslation('campaigns');
  return (
    <li className={style.door} data-total={isTotal}>
      <span className={style.label}>
        {label}
        {note ? <small>{note}</small> : null}
      </span>
      <span className={style.count}>{count}</span>
      <span className={style.bar} aria-hidden="true">
        {children}
      </span>
      <span className={style.see}>
        {people ? (
          <People people={people} label={t('confirm.see_people', { label, count })}>
            {t('confirm.see')}
          </People>
        ) : null}
      </span>
    </li>
  );
}
