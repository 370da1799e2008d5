/** `days`: how many days are compared with as many before. */
export const HOME_DAYS = [7, 28, 91] as const;
export type HomeDays = (typeof HOME_DAYS)[number];
export type HomeSearch = { days?: HomeDays };

export function readHomeSearch(search: Record<string, unknown>): HomeSearch {
  const days = HOME_DAYS.find((known) => known === Number(search.days));
  return days === undefined || days === 28 ? {} : { days };
}
