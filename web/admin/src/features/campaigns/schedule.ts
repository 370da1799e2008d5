/** "At a time": a wall-clock time in the shop's zone, and the instant that it means. */

/** The minutes by which the zone is ahead of UTC at this instant. */
function offsetMinutes(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((wall - instant.getTime()) / 60_000);
}

/** "2026-11-14T10:00" in the zone → RFC 3339 UTC; null when it is no time. */
export function instantOf(wall: string, zone: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall)) return null;
  const asUtc = new Date(`${wall}:00Z`);
  if (Number.isNaN(asUtc.getTime())) return null;
  const guess = new Date(asUtc.getTime() - offsetMinutes(asUtc, zone) * 60_000);
  // Around a change of the clocks the first guess may carry the offset of the other side.
  const settled = new Date(asUtc.getTime() - offsetMinutes(guess, zone) * 60_000);
  return settled.toISOString();
}

/** RFC 3339 → "2026-11-14T10:00" as the zone's clock shows it. */
export function wallOf(instant: string, zone: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() + offsetMinutes(at, zone) * 60_000).toISOString().slice(0, 16);
}

/** Ten in the morning of the next day: a time at which a shop may write to people. */
export function tomorrowMorning(today: string): string {
  const next = new Date(`${today}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return `${next.toISOString().slice(0, 10)}T10:00`;
}
