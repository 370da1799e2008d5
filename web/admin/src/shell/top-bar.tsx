/** The top bar: search, the demo's clock, language and light. On a phone the last two move into a menu. */
import {
  ActionIcon,
  Menu,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/types';
import { changeLanguage } from '../i18n/i18n';
import { currentLanguage, LANGUAGES } from '../i18n/language';
import { useSignOut } from './account';
import { DemoClock } from './demo-clock';
import { palette } from './palette-store';
import classes from './top-bar.module.css';

export function TopBar({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const os = useOs();
  return (
    <header className={classes.top}>
      <UnstyledButton className={classes.search} onClick={palette.open}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" />
          <path d="m10.5 10.5 3.5 3.5" />
        </svg>
        <span>{t('search.hint')}</span>
        <kbd>{os === 'macos' ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      <div className={classes.right}>
        {me.demo && <DemoClock clock={me.demo} />}
        <Languages />
        <SchemeSwitch />
        <PhoneMenu me={me} />
      </div>
    </header>
  );
}

function Languages() {
  const { t } = useTranslation('shell');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own border and legend
    <div className={classes.languages} role="group" aria-label={t('language')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={currentLanguage() === language}
          onClick={() => void changeLanguage(language)}
        >
          {t(`language_name.${language}`)}
        </button>
      ))}
    </div>
  );
}

function useSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  return { scheme, toggle: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark') };
}

function SchemeSwitch() {
  const { t } = useTranslation('shell');
  const { scheme, toggle } = useSchemeToggle();
  return (
    <ActionIcon
      className={classes.scheme}
      variant="subtle"
      size={34}
      onClick={toggle}
      aria-label={t(scheme === 'dark' ? 'to_light' : 'to_dark')}
    >
      <svg viewBox="0 0 18 18" width="17" height="17" aria-hidden="true">
        <circle cx="9" cy="9" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M9 2.500a6.500 6.500 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}

function PhoneMenu({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const { scheme, toggle } = useSchemeToggle();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon className={classes.menu} variant="subtle" size={36} aria-label={t('menu')}>
          <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" fill="currentColor">
            <circle cx="3.500" cy="9" r="1.600" />
            <circle cx="9" cy="9" r="1.600" />
            <circle cx="14.500" cy="9" r="1.600" />
          </svg>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}・{t(`role.${me.role}`)}
        </Menu.Label>
        {LANGUAGES.filter((language) => language !== currentLanguage()).map((language) => (
          <Menu.Item key={language} lang={language} onClick={() => void changeLanguage(language)}>
            {t(`language_long.${language}`)}
          </Menu.Item>
        ))}
        <Menu.Item onClick={toggle}>{t(scheme === 'dark' ? 'to_light' : 'to_dark')}</Menu.Item>
        {me.demo && (
          <Menu.Item component={Link} to="/demo">
            {t('demo.about')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>{t('sign_out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
