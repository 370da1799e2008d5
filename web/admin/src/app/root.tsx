/** The two frames: `root` is everything; `signedIn` is the shell, entered only with a session. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router';
import { client } from '../api/client';
import { asProblem } from '../api/problem';
import { meQuery } from '../api/queries';
import { setReportingCurrency } from '../format/money';
import { Shell } from '../shell/shell';
import { StartError } from './fallbacks';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()();

async function isSetupNeeded(): Promise<boolean> {
  const { data } = await client.GET('/api/setup');
  return data?.needed ?? false;
}

export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  errorComponent: StartError,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      setReportingCurrency(me.currency);
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      if (await isSetupNeeded()) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: { next: location.href } });
    }
  },
});
