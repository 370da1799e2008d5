/** Which segments the person is in and why, and which ones they are near to. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useCan } from '../../api/queries';
import type { CustomerSegments } from '../../api/types';
import { formatNumber } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PhraseList } from '../../ui/phrase';
import classes from './in-segments.module.css';

const NOT_YET_MAX = 3;

export function InSegments({ customerId }: { customerId: string }) {
  const { t } = useTranslation('customers');
  const can = useCan();
  const segments = $api.useQuery(
    'get',
    '/api/customers/{id}/segments',
    { params: { path: { id: customerId } } },
    { enabled: can('segments.read') },
  );
  if (!can('segments.read')) return null;
  return (
    <Card>
      <SectionTitle
        title={t('segments.title')}
        right={segments.data && formatNumber(segments.data.in.length)}
      />
      <Loaded query={segments} height={120}>
        {(data) => <List segments={data} />}
      </Loaded>
    </Card>
  );
}

function List({ segments }: { segments: CustomerSegments }) {
  const { t } = useTranslation('customers');
  if (segments.in.length === 0 && segments.not_yet.length === 0)
    return (
      <p className="muted">
        {t('segments.none')}{' '}
        <Link to="/segments" className="link">
          {t('segments.make')}
        </Link>
      </p>
    );
  return (
    <ul className={classes.list}>
      {segments.in.map((segment) => (
        <li key={segment.segment_id}>
          <SegmentLink id={segment.segment_id} name={segment.name} />
          <p>
            {t('segments.why')}
            <PhraseList phrases={segment.why} />
          </p>
        </li>
      ))}
      {nearest(segments).map((segment) => (
        <li key={segment.segment_id} data-not-yet="true">
          <SegmentLink id={segment.segment_id} name={segment.name} />
          <p>
            {t('segments.not_yet')}
            <PhraseList phrases={segment.missing} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Of the segments that somebody is not in, only those are worth a line that little keeps from them. */
function nearest(segments: CustomerSegments): CustomerSegments['not_yet'] {
  return segments.not_yet
    .filter((segment) => segment.missing.length > 0)
    .sort((one, other) => one.missing.length - other.missing.length)
    .slice(0, NOT_YET_MAX);
}

function SegmentLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/segments/$segmentId" params={{ segmentId: id }}>
      {name}
    </Link>
  );
}
