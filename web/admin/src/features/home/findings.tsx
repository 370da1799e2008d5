/** 気づき: findings in the order of their weight, each with its people and, where one fits, a measure to begin. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../api/queries';
import type { Finding } from '../../api/types';
import { formatNumber, formatSigned } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { LinkButton } from '../../ui/link-button';
import { useOpenPeople } from '../../ui/people';
import classes from './findings.module.css';

const GROWTH: readonly Finding['code'][] = ['growth_from_regulars', 'growth_from_new'];

export function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation('home');
  const first = findings.findIndex((finding) => finding.segment !== null);
  return (
    <section>
      <SectionTitle title={t('findings.title')} note={t('findings.note', { count: findings.length })} />
      <Card as="div" pad={false}>
        {findings.length === 0 ? (
          <p className={classes.none}>{t('findings.none')}</p>
        ) : (
          <ol className={classes.list}>
            {findings.map((finding, index) => (
              <FindingRow key={finding.code} finding={finding} isFirst={index === first} />
            ))}
          </ol>
        )}
      </Card>
    </section>
  );
}

function FindingRow({ finding, isFirst }: { finding: Finding; isFirst: boolean }) {
  const { t } = useTranslation('home');
  const isGrowth = GROWTH.includes(finding.code);
  const count = isGrowth ? formatSigned(finding.count) : formatNumber(finding.count);
  return (
    <li>
      <span className={classes.count} data-attention={finding.code === 'regulars_away' || undefined}>
        {count}
        <small>{t('kpi.people_unit')}</small>
      </span>
      <div>
        <h3>{t(`finding.${finding.code}.title`, finding.params)}</h3>
        <p>{t(`finding.${finding.code}.text`, finding.params)}</p>
      </div>
      <FindingActions finding={finding} isFirst={isFirst} />
    </li>
  );
}

function FindingActions({ finding, isFirst }: { finding: Finding; isFirst: boolean }) {
  const { t } = useTranslation('home');
  const can = useCan();
  const open = useOpenPeople();
  const name = t(`finding.${finding.code}.title`, finding.params);
  return (
    <div className={classes.actions}>
      {finding.segment && can('campaigns.write') && (
        <LinkButton
          size="xs"
          variant={isFirst ? 'filled' : 'default'}
          to="/campaigns/new"
          search={{ tree: JSON.stringify(finding.segment), name: t(`finding.${finding.code}.campaign`) }}
          aria-label={t('findings.create_for', { name })}
        >
          {t('findings.create')}
        </LinkButton>
      )}
      {can('customers.read') && (
        <Button
          size="xs"
          loading={open.isPending}
          onClick={() => open.mutate({ people: finding.people, title: name })}
          aria-label={t('findings.who_in', { name })}
        >
          {t('findings.who')}
        </Button>
      )}
    </div>
  );
}
