/** The one door to the server: every call of every screen goes through `client` (imperative) or `$api` (hooks). */
import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { paths } from './paths';
import { ApiProblem, problemFromResponse } from './problem';

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemFromResponse(response);
  },
  onError({ error }) {
    if (error instanceof ApiProblem || (error instanceof DOMException && error.name === 'AbortError')) return;
    return ApiProblem.unreachable();
  },
};

export const client = createFetchClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});
client.use(problems);

/** Hooks: `$api.useQuery('get', '/api/insights/home', { params: { query: { days: 28 } } })`. */
export const $api = createQueryClient(client);
