/** The frame around every page: the rail of rooms, the top bar, and the page itself. */
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/queries';
import { DemoBanner } from './demo-banner';
import { Palette } from './palette';
import { PhonePages, Rail } from './rail';
import classes from './shell.module.css';
import { TopBar } from './top-bar';

export function Shell() {
  const { t } = useTranslation('shell');
  const me = useMe();
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <div className={classes.app}>
      <a className={classes.skip} href="#main">
        {t('skip')}
      </a>
      <Rail me={me} />
      <TopBar me={me} />
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <div className={classes.wrap}>
          <PhonePages />
          {me.demo && <DemoBanner isLarge={me.demo.is_large} />}
          <Outlet />
        </div>
      </main>
      <Palette />
    </div>
  );
}

/** A new page takes the focus, so that the keyboard and screen readers start at its top. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (last.current !== undefined && path !== undefined && last.current !== path)
      main.current?.focus({ preventScroll: true });
    if (path !== undefined) last.current = path;
  }, [path, main]);
}
