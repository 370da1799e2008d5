/** The one door to the server: every call of every screen goes through `client` (imperative) or `$api` (hooks). */
import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { paths } from '../../../api/schema';
import { currentLanguage } from '../i18n/language';
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

/** Lists begin without a cursor; the query hooks have no way to leave it out and send 0 or nothing instead. */
const firstPage: Middleware = {
  onRequest({ request }) {
    const url = new URL(request.url);
    const cursor = url.searchParams.get('cursor');
    if (request.method !== 'GET' || (cursor !== '' && cursor !== '0')) return;
    url.searchParams.delete('cursor');
    return new Request(url, request);
  },
};

/** So that what the server words itself comes in the language of the screen. */
const language: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept-language', currentLanguage());
    return request;
  },
};

export const client = createFetchClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});
client.use(firstPage, language, problems);

/** Hooks: `$api.useQuery('get', '/api/insights/home', { params: { query: { days: 28 } } })`. */
export const $api = createQueryClient(client);
