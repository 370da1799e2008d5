/** Chooses the sentence for a condition. */
import { useTranslation } from 'react-i18next';
import type { Condition } from '../tree';
import { type Change, CountCondition, RecencyCondition, SumCondition } from './event-conditions';
import { FactCondition } from './fact-condition';
import { ProductCondition } from './product-condition';
import { RfmCondition } from './rfm-condition';
import { Sentence } from './sentence-fields';

type Props = { node: Condition; onChange: Change<Condition>; isBad: boolean };

export function ConditionFields({ node, onChange, isBad }: Props) {
  const { t } = useTranslation('segments');
  switch (node.kind) {
    case 'count':
      return node.sku === undefined ? (
        <CountCondition node={node} onChange={onChange} isBad={isBad} />
      ) : (
        <ProductCondition node={node} onChange={onChange} isBad={isBad} />
      );
    case 'sum':
      return <SumCondition node={node} onChange={onChange} isBad={isBad} />;
    case 'recency':
      return <RecencyCondition node={node} onChange={onChange} isBad={isBad} />;
    case 'rfm':
      return <RfmCondition node={node} onChange={onChange} />;
    case 'fact':
      return <FactCondition node={node} onChange={onChange} isBad={isBad} />;
    case 'reachable':
      return <Sentence template={t('say.reachable')} slots={{}} />;
  }
}
