/** "Bought this product": a count of orders that hold one product, picked by a search. */
import { Combobox, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../../api/client';
import { useProductNames } from '../../../api/products';
import { problemTitle } from '../../../ui/tell';
import type { Condition } from '../tree';
import style from './editor.module.css';
import type { Change } from './event-conditions';
import { CountFields } from './event-conditions';

type Count = Extract<Condition, { kind: 'count' }>;
type Props = { node: Count; onChange: Change<Condition>; isBad: boolean };

export function ProductCondition({ node, onChange, isBad }: Props) {
  const product = <ProductToken sku={node.sku ?? ''} onPick={(sku) => onChange({ ...node, sku })} />;
  return (
    <CountFields
      node={node}
      onChange={onChange}
      isBad={isBad && node.sku !== ''}
      template="say.product"
      more={{ product }}
    />
  );
}

function ProductToken({ sku, onPick }: { sku: string; onPick: (sku: string) => void }) {
  const { t } = useTranslation('segments');
  const combobox = useCombobox({ onDropdownOpen: () => combobox.focusSearchInput() });
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const found = $api.useQuery(
    'get',
    '/api/products',
    { params: { query: { search: asked } } },
    { enabled: combobox.dropdownOpened },
  );
  const name = useProductNames([sku])(sku);
  return (
    <Combobox
      store={combobox}
      width={340}
      position="bottom-start"
      onOptionSubmit={(picked) => {
        onPick(picked);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <button type="button" className={style.picker} onClick={() => combobox.toggleDropdown()}>
          {name || t('field.choose_product')}
          {name !== sku ? <span className={style.sku}> {sku}</span> : null}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label={t('field.find_product')}
          placeholder={t('field.find_product')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          rightSection={found.isFetching ? <Loader size={12} /> : null}
        />
        <Combobox.Options aria-label={t('field.find_product')} mah={260} style={{ overflowY: 'auto' }}>
          {(found.data ?? []).map((product) => (
            <Combobox.Option value={product.sku} key={product.sku}>
              {product.name} <span className={style.sku}>{product.sku}</span>
            </Combobox.Option>
          ))}
          {found.error ? <Combobox.Empty>{problemTitle(found.error)}</Combobox.Empty> : null}
          {found.data?.length === 0 ? <Combobox.Empty>{t('field.no_product')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
