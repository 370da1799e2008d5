/** What matters now: the rhythm in one sentence, at most three notes, and the orders on a line of days. */
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Rhythm } from '../../api/types';
import { Card } from '../../ui/card';
import { PhraseText } from '../../ui/phrase';
import classes from './now.module.css';
import { RhythmChart } from './rhythm-chart';

export function Now({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  // The sentence above them says it already.
  const notes = card.notes_now.filter((note) => note.code !== 'never_bought').slice(0, 3);
  return (
    <Card className={classes.now} pad={false}>
      <h2 className={classes.sentence}>
        {card.rhythm ? (
          <RhythmSentence rhythm={card.rhythm} />
        ) : (
          t(card.value.orders === 0 ? 'now.never' : card.value.orders === 1 ? 'now.once' : 'now.plain', {
            count: card.value.orders,
            day: card.value.last_order_day ?? '',
          })
        )}
      </h2>
      {notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note.code}>
              <PhraseText phrase={note} />
            </li>
          ))}
        </ul>
      )}
      {card.rhythm && <RhythmChart rhythm={card.rhythm} />}
    </Card>
  );
}

function RhythmSentence({ rhythm }: { rhythm: Rhythm }) {
  const { t } = useTranslation('customers');
  return (
    <>
      <span className={classes.part}>{t('rhythm.usual', { count: rhythm.usual_days })}</span>{' '}
      <span className={classes.part}>{t('rhythm.open', { count: rhythm.open_days })}</span>
      {rhythm.late_days > 0 && (
        <b className={classes.late}>{t('rhythm.late', { count: rhythm.late_days })}</b>
      )}
    </>
  );
}
