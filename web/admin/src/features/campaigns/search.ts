/** What the addresses of the campaign pages hold. */
import type { CampaignState, MessageState } from '../../api/types';
import { MESSAGE_STATES } from './delivery/counts';

export type CampaignsSearch = { state?: CampaignState };
/** A new campaign for a saved segment (`segment`) or for a tree handed over as JSON (`tree`). */
export type NewCampaignSearch = { segment?: string; tree?: string; name?: string };
export type DeliverySearch = { state?: MessageState };

export const STATES: readonly CampaignState[] = [
  'draft',
  'scheduled',
  'sending',
  'paused',
  'measuring',
  'finished',
  'stopped',
];

export function readCampaignsSearch(search: Record<string, unknown>): CampaignsSearch {
  const state = STATES.find((known) => known === search.state);
  return state ? { state } : {};
}

export function readNewCampaignSearch(search: Record<string, unknown>): NewCampaignSearch {
  const read: NewCampaignSearch = {};
  if (typeof search.segment === 'string') read.segment = search.segment;
  if (typeof search.tree === 'string') read.tree = search.tree;
  // The router reads values that look like JSON by itself.
  else if (typeof search.tree === 'object' && search.tree !== null) read.tree = JSON.stringify(search.tree);
  if (typeof search.name === 'string') read.name = search.name;
  return read;
}

export function readDeliverySearch(search: Record<string, unknown>): DeliverySearch {
  const state = MESSAGE_STATES.find((known) => known === search.state);
  return state ? { state } : {};
}
