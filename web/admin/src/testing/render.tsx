/** Renders the application at an address, with answers in place of a server. Unknown calls fail loudly. */
import { createMemoryHistory, createRouter } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import { createAppQueryClient } from '../api/queries';
import type { Me, Permission, Problem } from '../api/types';
import { Application } from '../app/application';
import { NotFound, PageError } from '../app/fallbacks';
import type { AppRouter } from '../app/router';
import { routeTree } from '../app/routes';

export type Call = { method: string; path: string; query: URLSearchParams; body: unknown };
export type Answer = (call: Call) => unknown;
/** Keys are `GET /api/customers/c1`; a method alone is not enough. */
export type Answers = Record<string, Answer>;

const ALL: Permission[] = [
  'customers.read',
  'customers.reveal',
  'customers.export',
  'imports.run',
  'segments.read',
  'segments.write',
  'campaigns.read',
  'campaigns.write',
  'campaigns.send',
  'results.read',
  'insights.read',
  'keys.manage',
  'operators.manage',
  'settings.manage',
  'audit.read',
  'demo.advance',
];

export const ME: Me = {
  operator_id: 'o1',
  name: '佐伯 由佳',
  email: 'saeki@example.com',
  role: 'owner',
  has_password: true,
  permissions: ALL,
  company: 'みなと雑貨店',
  zone: 'Asia/Tokyo',
  currency: 'JPY',
  today: '2026-11-13',
  now: '2026-11-13T03:00:00Z',
  demo: { today: '2026-11-13', last_day: '2026-12-11', can_advance: true, advancing: false, is_large: false },
  mail: 'capture',
};

export function problem(status: number, code: string, detail = ''): Problem {
  return { type: 'about:blank', title: code, status, code, detail };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value;
}

export async function renderApp(address: string, answers: Answers) {
  const calls: Call[] = [];
  const all: Answers = { 'GET /api/me': () => ME, ...answers };
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    const text = await request.text();
    const body: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
    const call = { method: request.method, path: url.pathname, query: url.searchParams, body };
    calls.push(call);
    const answer = all[`${call.method} ${call.path}`];
    const value = answer ? await answer(call) : problem(404, 'not_found', `${call.method} ${call.path}`);
    const status = isProblem(value) ? value.status : 200;
    return new Response(value === undefined ? null : JSON.stringify(value), {
      status: value === undefined ? 204 : status,
      headers: { 'content-type': isProblem(value) ? 'application/problem+json' : 'application/json' },
    });
  });
  const queryClient = createAppQueryClient();
  const router = createRouter({
    routeTree,
    context: { queryClient },
    history: createMemoryHistory({ initialEntries: [address] }),
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
  }) as AppRouter;
  const view = render(<Application queryClient={queryClient} router={router} />);
  return { ...view, calls, router, user: userEvent.setup() };
}
