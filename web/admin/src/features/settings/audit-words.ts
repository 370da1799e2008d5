/** The words of the audit log: a sentence for each action, and what else is known of it. */
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import type { AuditRow } from '../../api/types';
import { formatInstant } from '../../format/day';
import { formatNumber, formatPercent } from '../../format/number';

type Noun = 'campaign' | 'segment' | 'import' | 'customer' | 'customer_self' | 'operator' | 'key';

/** Stands for the object while the sentence is made; in no name. */
const PLACE = '\u0000';

/** Known from elsewhere in the row, or of no use to people. */
const SILENT = ['name', 'job_id', 'version', 'message_id', 'seconds', 'is_paused'];

export function nounOf(row: AuditRow): Noun {
  const [noun] = row.action.split('.');
  if (noun === 'mail') return 'customer_self';
  return noun === 'session' ? 'operator' : (noun as Noun);
}

/** The sentence before the object and after it; one part when it names none. An unknown action is told as it is written. */
export function useAuditSentence(row: AuditRow): [before: string, after?: string] {
  const { t, i18n } = useTranslation('settings');
  const who = t(`audit.who.${row.actor_kind}`, { name: row.actor });
  const isKnown = row.action === 'session.refused' && row.object !== '';
  const key = `did.${row.action.replaceAll('.', '_')}${isKnown ? '_known' : ''}`;
  if (!i18n.exists(key, { ns: 'settings' })) return [[who, row.action, row.object].filter(Boolean).join(' ')];
  const [before = '', after] = t(key, { who, object: PLACE }).split(PLACE);
  return [before, after];
}

/** Details in words: `役割: 担当者、使える: はい`. */
export function useAuditDetail(row: AuditRow): string {
  const { t } = useTranslation('settings');
  const { zone } = useMe();
  if (typeof row.detail !== 'object' || row.detail === null) return '';
  const shown = (name: string, value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
    if (name === 'role') return t(`role.${String(value)}`, { defaultValue: String(value) });
    if (name === 'holdout') return formatPercent(Number(value), 0);
    if (name === 'at') return formatInstant(new Date(Number(value) / 1000).toISOString(), zone);
    if (typeof value === 'number') return formatNumber(value);
    if (Array.isArray(value)) return value.join(' ');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return Object.entries(row.detail)
    .filter(([name, value]) => !SILENT.includes(name) && value !== null)
    .filter(([name, value]) => name !== 'is_password_new' || value === true)
    .map(([name, value]) => `${t(`audit.detail.${name}`, { defaultValue: name })}: ${shown(name, value)}`)
    .join(' · ');
}
