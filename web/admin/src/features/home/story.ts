/** Which sentence the figures call for. The words are in the locale files; here is only the choice between them. */
import type { Home } from '../../api/types';

/** Below this change, sales are said to have hardly moved. */
const FLAT = 0.005;
/** A smaller effect of this share of the larger one is said to cancel it. */
const CANCELS = 0.5;

export type Reason =
  | 'cancelled'
  | 'outweighed'
  | 'both_up'
  | 'both_down'
  | 'orders_only'
  | 'average_only'
  | 'flat';
export type Driver = 'orders' | 'average';
export type Story = { reason: Reason; stronger: Driver; weaker: Driver };

export function storyOf(home: Home): Story {
  const orders = home.effect_of_orders.minor;
  const average = home.effect_of_average.minor;
  const stronger: Driver = Math.abs(orders) >= Math.abs(average) ? 'orders' : 'average';
  const weaker: Driver = stronger === 'orders' ? 'average' : 'orders';
  return { reason: reasonOf(orders, average, home), stronger, weaker };
}

function reasonOf(orders: number, average: number, home: Home): Reason {
  const large = Math.max(Math.abs(orders), Math.abs(average));
  const small = Math.min(Math.abs(orders), Math.abs(average));
  if (large < FLAT * Math.abs(home.sales.before.minor)) return 'flat';
  if (small < 0.05 * large) return Math.abs(orders) > Math.abs(average) ? 'orders_only' : 'average_only';
  if (orders > 0 && average > 0) return 'both_up';
  if (orders < 0 && average < 0) return 'both_down';
  return small >= CANCELS * large ? 'cancelled' : 'outweighed';
}

/** up/down of each driver: the key of the chart's title. */
export function directionOf(home: Home): string {
  const side = (minor: number) => (minor > 0 ? 'up' : minor < 0 ? 'down' : 'same');
  return `${side(home.effect_of_orders.minor)}_${side(home.effect_of_average.minor)}`;
}

/** How a single very large day bends the comparison. */
export function biggestDayEffect(home: Home): 'lowers' | 'raises' | 'plain' {
  const isAverageUp = home.average_order.change > 0;
  if (home.biggest_day?.in === 'before' && !isAverageUp) return 'lowers';
  if (home.biggest_day?.in === 'now' && isAverageUp) return 'raises';
  return 'plain';
}
