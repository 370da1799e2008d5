/** A field for words of the mail, with a menu that puts a value of the person at the cursor. */
import { Button, Menu, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { insertValue, MAIL_VALUES } from '../values';
import style from './editor.module.css';

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  description?: ReactNode;
  placeholder?: string;
  isLong?: boolean;
  isCode?: boolean;
  /** The label stands elsewhere already; it is only spoken here. */
  isLabelHidden?: boolean;
  maxLength?: number;
};

export function ValueField({
  label,
  value,
  onChange,
  isLong = false,
  isCode = false,
  isLabelHidden = false,
  ...rest
}: Props) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const insert = (code: string) => {
    const element = field.current;
    const from = element?.selectionStart ?? value.length;
    const { text, cursor } = insertValue(value, code, from, element?.selectionEnd ?? from);
    onChange(text);
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(cursor, cursor);
    });
  };
  const shared = { ref: field, 'aria-label': label, value, ...rest };
  return (
    <div className={style.valueField}>
      <div className={style.valueHead}>
        <span className={style.label} aria-hidden="true">
          {isLabelHidden ? '' : label}
        </span>
        <ValueMenu onPick={insert} field={label} />
      </div>
      {isLong ? (
        <Textarea
          {...shared}
          autosize
          minRows={isCode ? 14 : 3}
          maxRows={isCode ? 32 : 18}
          spellCheck={!isCode}
          {...(isCode ? { className: style.code } : {})}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </div>
  );
}

function ValueMenu({ onPick, field }: { onPick: (code: string) => void; field: string }) {
  const { t } = useTranslation('campaigns');
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-end" withinPortal returnFocus={false}>
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" aria-label={t('value.insert_into', { field })}>
          {t('value.insert')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('value.menu')}</Menu.Label>
        {MAIL_VALUES.map((value) => (
          <Menu.Item key={value.key} onClick={() => onPick(value.code)}>
            <span>{t(`value.${value.key}`)}</span>
            <code className={style.valueCode}>{value.code}</code>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
