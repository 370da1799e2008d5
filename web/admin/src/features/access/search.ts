/** `next`: where to go after signing in; `token`: a one-time sign-in link. */
export type SignInSearch = { next?: string; token?: string };

/** The router reads `123` and `1e5` as numbers; a token is always text, so it is taken as it was written. */
export function asWritten(name: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  return new URLSearchParams(globalThis.location?.search ?? '').get(name);
}

export function readSignInSearch(search: Record<string, unknown>): SignInSearch {
  const read: SignInSearch = {};
  if (typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//'))
    read.next = search.next;
  const token = asWritten('token', search.token);
  if (token) read.token = token;
  return read;
}
