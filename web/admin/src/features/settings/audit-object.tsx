/** What a row of the audit log is about, with a link to it where there is a page. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AuditRow } from '../../api/types';
import { nounOf } from './audit-words';

export function AuditObject({ row }: { row: AuditRow }) {
  const { t } = useTranslation('settings');
  const noun = t(`audit.object.${nounOf(row)}`);
  const name = nameOf(row);
  const words = name ? t('audit.object.named', { noun, name }) : noun;
  // What was thrown away has no page any more.
  if (row.action.endsWith('.delete') || !row.object) return words;
  switch (nounOf(row)) {
    case 'campaign':
      return (
        <Link className="link" to="/campaigns/$campaignId" params={{ campaignId: row.object }}>
          {words}
        </Link>
      );
    case 'segment':
      return (
        <Link className="link" to="/segments/$segmentId" params={{ segmentId: row.object }}>
          {words}
        </Link>
      );
    case 'import':
      return (
        <Link className="link" to="/imports/$importId" params={{ importId: row.object }}>
          {words}
        </Link>
      );
    case 'customer':
    case 'customer_self':
      return (
        <Link className="link" to="/customers/$customerId" params={{ customerId: row.object }}>
          {words}
        </Link>
      );
    case 'operator':
      return (
        <Link className="link" to="/settings/operators">
          {words}
        </Link>
      );
    case 'key':
      return (
        <Link className="link" to="/settings/keys">
          {words}
        </Link>
      );
  }
}

/** The name as it is known now, else as it was known then. */
function nameOf(row: AuditRow): string | null {
  if (row.object_name) return row.object_name;
  const detail = row.detail as { name?: unknown } | null;
  return typeof detail?.name === 'string' ? detail.name : null;
}
