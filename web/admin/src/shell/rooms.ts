/** The rooms of the application, their pages, and the permission that each page needs. */
import type { Permission } from '../api/types';

export type PageLink = { key: string; to: string; permission?: Permission };
export type Room = { key: string; to: string; pages: PageLink[]; icon: string[] };

export const ROOMS: readonly Room[] = [
  {
    key: 'home',
    to: '/',
    pages: [{ key: 'home', to: '/', permission: 'insights.read' }],
    icon: ['M3.5 8.5 10 3l6.5 5.5V16a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1z', 'M8 17v-5h4v5'],
  },
  {
    key: 'customers',
    to: '/customers',
    pages: [{ key: 'customers', to: '/customers', permission: 'customers.read' }],
    icon: ['M10 3.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z', 'M3.8 17c.5-3.4 3-5 6.2-5s5.7 1.6 6.2 5'],
  },
  {
    key: 'insights',
    to: '/insights/rfm',
    pages: [
      { key: 'rfm', to: '/insights/rfm', permission: 'insights.read' },
      { key: 'decile', to: '/insights/decile', permission: 'insights.read' },
      { key: 'cohorts', to: '/insights/cohorts', permission: 'insights.read' },
      { key: 'f2', to: '/insights/f2', permission: 'insights.read' },
      { key: 'ltv', to: '/insights/ltv', permission: 'insights.read' },
    ],
    icon: ['M3.5 16.5h13', 'M6 13V9M10 13V4M14 13V7'],
  },
  {
    key: 'engage',
    to: '/segments',
    pages: [
      { key: 'segments', to: '/segments', permission: 'segments.read' },
      { key: 'campaigns', to: '/campaigns', permission: 'campaigns.read' },
      { key: 'results', to: '/results', permission: 'results.read' },
    ],
    icon: ['m3 9.5 13.5-6-4 13.5-3.2-5.3z', 'm9.3 11.7 3.5-4'],
  },
  {
    key: 'data',
    to: '/imports',
    pages: [
      { key: 'imports', to: '/imports', permission: 'imports.run' },
      { key: 'mail', to: '/settings/mail', permission: 'settings.manage' },
      { key: 'keys', to: '/settings/keys', permission: 'keys.manage' },
      { key: 'operators', to: '/settings/operators', permission: 'operators.manage' },
      { key: 'audit', to: '/settings/audit', permission: 'audit.read' },
      { key: 'system', to: '/settings/system', permission: 'settings.manage' },
    ],
    icon: [
      'M10 2.7c3.3 0 6 1 6 2.3s-2.7 2.3-6 2.3S4 6.300 4 5s2.700-2.300 6-2.300z',
      'M4 5v10c0 1.300 2.700 2.300 6 2.300s6-1 6-2.300V5M4 10c0 1.300 2.700 2.300 6 2.300s6-1 6-2.300',
    ],
  },
];

/** The rooms that this operator may enter, each leading to the first of its pages that may be seen. */
export function roomsFor(can: (permission: Permission) => boolean): Room[] {
  return ROOMS.flatMap((room) => {
    const pages = room.pages.filter((page) => !page.permission || can(page.permission));
    const first = pages[0];
    return first ? [{ ...room, pages, to: first.to }] : [];
  });
}

const DETAILS: readonly [string, string][] = [
  ['/messages', '/campaigns'],
  ['/test-mails', '/campaigns'],
];

/** Which page of the rail an address belongs to: details belong to their list. */
export function isWithin(page: string, path: string): boolean {
  if (page === '/') return path === '/';
  const home = DETAILS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? path;
  return home === page || home.startsWith(`${page}/`);
}
