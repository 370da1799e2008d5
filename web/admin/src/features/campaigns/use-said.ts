/** Says the words of a mail for nobody in particular: values by their name, the shop by its own. */
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import { sayValues } from './values';

export function useSaid(): (text: string) => string {
  const { t } = useTranslation('campaigns');
  const { company } = useMe();
  return (text) => sayValues(text, company, (key) => t(`value_name.${key}`, { defaultValue: '…' }));
}
