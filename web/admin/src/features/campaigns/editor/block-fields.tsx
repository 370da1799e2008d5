/** What is written in each kind of block. */
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../api/types';
import { ProductPicker } from './product-picker';
import { ValueField } from './value-field';

export function BlockFields({ block, onChange }: { block: Block; onChange: (block: Block) => void }) {
  const { t } = useTranslation('campaigns');
  switch (block.kind) {
    case 'text':
      return (
        <ValueField
          label={t('field.text')}
          isLabelHidden
          isLong
          value={block.text}
          onChange={(text) => onChange({ ...block, text })}
        />
      );
    case 'heading':
      return (
        <ValueField
          label={t('field.heading')}
          isLabelHidden
          value={block.text}
          onChange={(text) => onChange({ ...block, text })}
        />
      );
    case 'products':
      return <ProductPicker skus={block.skus} onChange={(skus) => onChange({ ...block, skus })} />;
    case 'button':
      return (
        <>
          <TextInput
            label={t('field.button_label')}
            value={block.label}
            onChange={(event) => onChange({ ...block, label: event.currentTarget.value })}
          />
          <UrlField
            label={t('field.button_url')}
            value={block.url}
            onChange={(url) => onChange({ ...block, url })}
          />
        </>
      );
    case 'image':
      return (
        <>
          <UrlField
            label={t('field.image_url')}
            value={block.url}
            onChange={(url) => onChange({ ...block, url })}
          />
          <TextInput
            label={t('field.image_alt')}
            description={t('field.image_alt_note')}
            value={block.alt}
            onChange={(event) => onChange({ ...block, alt: event.currentTarget.value })}
          />
        </>
      );
    case 'divider':
      return <hr />;
  }
}

type UrlProps = { label: string; value: string; onChange: (url: string) => void };

/** A link in a mail needs a whole address: the reader has no page that it could be relative to. */
function UrlField({ label, value, onChange }: UrlProps) {
  const { t } = useTranslation('campaigns');
  const isWhole = value === '' || /^https?:\/\/\S+\.\S+/.test(value) || value.startsWith('{{');
  return (
    <TextInput
      label={label}
      inputMode="url"
      placeholder="https://"
      value={value}
      error={isWhole ? null : t('field.url_problem')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
