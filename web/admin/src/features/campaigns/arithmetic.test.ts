/** The arithmetic of the confirmation page. */
import { describe, expect, it } from 'vitest';
import type { Confirm } from '../../api/types';
import { addsUp, atHoldout, betterHoldout, funnelDoors, reachableRate, wholePoints } from './arithmetic';
import { effectCurve } from './curve';

const steps: Confirm['steps'] = [
  { code: 'no_consent', count: 93, people: 'a' },
  { code: 'bad_address', count: 4, people: 'b' },
  { code: 'suppressed', count: 6, people: 'c' },
  { code: 'recently_sent', count: 0, people: 'd' },
];
const detectable = [
  { holdout: 0.1, points: 0.217, control: 32 },
  { holdout: 0.2, points: 0.168, control: 64 },
  { holdout: 0.3, points: 0.147, control: 96 },
  { holdout: 0.5, points: 0.134, control: 160 },
];
const confirm: Confirm = {
  chosen: 423,
  steps,
  sendable: 320,
  control: 32,
  send: 288,
  chosen_people: 'e',
  sendable_people: 'f',
  base_rate: 0.244,
  detectable,
  delivery: 'capture',
  cap: { days: 7, max: 1 },
  result_on: '2026-12-11',
  problems: [],
  warnings: [],
};

describe('the doors of the funnel', () => {
  it('begin each where the one before ended, and end at the people who can be mailed', () => {
    expect(funnelDoors(423, steps).map((door) => door.left)).toEqual([330, 326, 320, 320]);
  });

  it('draw what leaves right behind what stays', () => {
    for (const door of funnelDoors(423, steps))
      expect(door.leftShare + door.lostShare).toBeCloseTo((door.left + door.count) / 423, 12);
  });

  it('divide nothing by nobody', () => {
    expect(funnelDoors(0, [{ code: 'no_consent', count: 0, people: 'a' }])[0]).toMatchObject({
      leftShare: 0,
      lostShare: 0,
    });
  });

  it('are checked: chosen − doors = sendable = control + send', () => {
    expect(addsUp(confirm)).toBe(true);
    expect(addsUp({ ...confirm, sendable: 321 })).toBe(false);
    expect(addsUp({ ...confirm, send: 289 })).toBe(false);
  });
});

describe('the detectable effect', () => {
  it('is found for the chosen share, however it was computed', () => {
    expect(atHoldout(detectable, 0.1 + 0.2)?.points).toBe(0.147);
    expect(atHoldout(detectable, 0.4)).toBeNull();
  });

  it('offers the next share that tells more, and nothing beyond the best', () => {
    expect(betterHoldout(detectable, 0.1)?.holdout).toBe(0.2);
    expect(betterHoldout(detectable, 0.5)).toBeNull();
    const unknown = detectable.map((one) => (one.holdout < 0.3 ? { ...one, points: null } : one));
    expect(betterHoldout(unknown, 0.1)?.holdout).toBe(0.3);
  });

  it('is rounded so that the page never promises more than it can tell', () => {
    expect([0.217, 0.22, 0.2201].map(wholePoints)).toEqual([22, 22, 23]);
    expect(reachableRate(0.9, 0.3)).toBe(1);
  });

  it('is drawn as a curve through every point that the server gave', () => {
    const curve = effectCurve(detectable, 0.05, 0.5, 45);
    for (const given of detectable) {
      const drawn = curve.find((point) => Math.abs(point.holdout - given.holdout) < 1e-9);
      expect(drawn?.points).toBeCloseTo(given.points, 12);
    }
    expect(
      curve.every((point, index) => index === 0 || point.points <= (curve[index - 1]?.points ?? 0)),
    ).toBe(true);
    expect(effectCurve([{ holdout: 0.1, points: null, control: 1 }], 0.05, 0.5, 9)).toEqual([]);
  });
});
