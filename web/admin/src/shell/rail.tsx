/** The rooms: a rail at the left, or a bar at the bottom of a phone. The pages of the open room stand under it. */
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../api/queries';
import type { Me } from '../api/types';
import { Account } from './account';
import { Mark } from './mark';
import classes from './rail.module.css';
import { isWithin, type Room, roomsFor } from './rooms';

export function Rail({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const can = useCan();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const rooms = roomsFor(can);
  return (
    <nav className={classes.rail} aria-label={t('rooms')}>
      <Link to="/" className={classes.brand}>
        <Mark />
        Najimi
      </Link>
      {rooms.map((room) => (
        <RoomLink key={room.key} room={room} path={path} />
      ))}
      <div className={classes.who}>
        <Account me={me} />
      </div>
    </nav>
  );
}

/** On a phone the pages of the open room stand above the page, where a thumb does not cover them. */
export function PhonePages() {
  const { t } = useTranslation('shell');
  const can = useCan();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const room = roomsFor(can).find((known) => known.pages.some((page) => isWithin(page.to, path)));
  const bar = useRef<HTMLElement>(null);
  // The open page may stand outside the strip's first width.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path moves the mark
  useEffect(() => {
    const open = bar.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (bar.current && open)
      bar.current.scrollLeft = open.offsetLeft - bar.current.clientWidth / 2 + open.offsetWidth / 2;
  }, [path]);
  if (!room || room.pages.length < 2) return null;
  return (
    <nav ref={bar} className={classes.phonePages} aria-label={t(`room.${room.key}`)}>
      <PageLinks room={room} path={path} />
    </nav>
  );
}

function PageLinks({ room, path }: { room: Room; path: string }) {
  const { t } = useTranslation('shell');
  return room.pages.map((page) => (
    <Link
      key={page.key}
      to={page.to}
      aria-current={isWithin(page.to, path) ? 'page' : undefined}
      activeProps={{}}
    >
      {t(`page.${page.key}`)}
    </Link>
  ));
}

function RoomLink({ room, path }: { room: Room; path: string }) {
  const { t } = useTranslation('shell');
  const isOpen = room.pages.some((page) => isWithin(page.to, path));
  const isHere = isOpen && room.pages.length === 1;
  return (
    <>
      <Link
        to={room.to}
        className={classes.room}
        data-open={isOpen || undefined}
        aria-current={isHere ? 'page' : undefined}
        activeProps={{}}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {room.icon.map((path) => (
            <path key={path} d={path} />
          ))}
        </svg>
        {t(`room.${room.key}`)}
      </Link>
      {isOpen && room.pages.length > 1 && (
        <div className={classes.pages}>
          <PageLinks room={room} path={path} />
        </div>
      )}
    </>
  );
}
