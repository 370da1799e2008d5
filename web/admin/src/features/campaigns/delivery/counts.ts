/** The arithmetic of a delivery: what is finished, what is on its way, and whether all are accounted for. */
import type { Delivery, MessageState } from '../../../api/types';

/** In the order of a message's life; `captured` and `accepted` are the good ends. */
export const MESSAGE_STATES = [
  'queued',
  'claimed',
  'handed',
  'accepted',
  'captured',
  'failed',
  'unknown',
  'held',
] as const satisfies readonly MessageState[];

export function skippedCount({ skipped }: Delivery): number {
  return skipped.reduce((sum, one) => sum + one.count, 0);
}

/** Messages that need nothing more from us. `unknown` and `held` wait for a person. */
export function finishedCount(delivery: Delivery): number {
  return delivery.accepted + delivery.captured + delivery.failed + skippedCount(delivery);
}

export function finishedShare(delivery: Delivery): number {
  return delivery.total > 0 ? Math.min(1, finishedCount(delivery) / delivery.total) : 1;
}

/** Seconds until the queue is empty at the present speed; null while there is no speed to speak of. */
export function secondsLeft(delivery: Delivery): number | null {
  const { rate_per_s } = delivery;
  if (!rate_per_s || rate_per_s <= 0) return null;
  return Math.ceil(underWay(delivery) / rate_per_s);
}

/** Messages that are still on the way to an end. */
export function underWay({ queued, claimed, handed }: Delivery): number {
  return queued + claimed + handed;
}
