/** Products of a block: found by name or SKU, kept in the order in which they were picked. */
import { Combobox, Loader, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../../api/client';
import { useProductNames } from '../../../api/products';
import { formatMoney } from '../../../format/money';
import { problemTitle } from '../../../ui/tell';
import { PRODUCTS_MAX } from '../blocks';
import style from './editor.module.css';

export function ProductPicker({ skus, onChange }: { skus: string[]; onChange: (skus: string[]) => void }) {
  const { t } = useTranslation('campaigns');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = $api.useQuery(
    'get',
    '/api/products',
    { params: { query: { search: asked } } },
    { enabled: combobox.dropdownOpened },
  );
  const nameOf = useProductNames(skus);
  const isFull = skus.length >= PRODUCTS_MAX;
  const options = (found.data ?? []).filter((product) => !skus.includes(product.sku));
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(sku) => {
        onChange([...skus, sku]);
        setTyped('');
      }}
    >
      <Combobox.DropdownTarget>
        <PillsInput
          label={t('field.products')}
          description={isFull ? t('field.products_full', { max: PRODUCTS_MAX }) : t('field.products_note')}
          rightSection={found.isFetching ? <Loader size={12} /> : null}
        >
          <Pill.Group>
            {skus.map((sku) => (
              <Pill
                key={sku}
                withRemoveButton
                removeButtonProps={{
                  'aria-label': t('field.product_remove', { name: nameOf(sku) }),
                }}
                onRemove={() => onChange(skus.filter((one) => one !== sku))}
              >
                {nameOf(sku)}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={t('field.product_search')}
                placeholder={t('field.product_search')}
                value={typed}
                disabled={isFull}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Backspace' && typed === '') onChange(skus.slice(0, -1));
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={isFull}>
        <Combobox.Options aria-label={t('field.products')} mah={240} style={{ overflowY: 'auto' }}>
          {options.map((product) => (
            <Combobox.Option value={product.sku} key={product.sku}>
              {product.name}{' '}
              <span className={style.sku}>
                {product.sku}・{formatMoney(product.price)}
              </span>
            </Combobox.Option>
          ))}
          {options.length === 0 ? (
            <Combobox.Empty>
              {found.error
                ? problemTitle(found.error)
                : t(found.isFetching ? 'field.searching' : 'field.no_product')}
            </Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
