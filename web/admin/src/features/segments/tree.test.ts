/** The editing rules of a segment's tree. */
import { describe, expect, it } from 'vitest';
import type { SegmentTree } from '../../api/types';
import {
  append,
  asRoot,
  duplicate,
  type Group,
  move,
  nodeAt,
  remove,
  setJoint,
  toggleNot,
  unwrap,
  wrap,
} from './tree';

const mail: SegmentTree = { kind: 'reachable', channel: 'email' };
const often: SegmentTree = { kind: 'count', event: 'order', window: 'ever', is: 'gte', value: 3 };
const once: SegmentTree = { kind: 'count', event: 'order', window: 'ever', is: 'eq', value: 1 };
const all = (...of: SegmentTree[]): Group => ({ kind: 'and', of });
const any = (...of: SegmentTree[]): Group => ({ kind: 'or', of });

describe('editing a segment', () => {
  it('puts a single saved condition into a group, so that more can be added', () => {
    expect(asRoot(mail)).toEqual(all(mail));
    expect(asRoot(any(mail))).toEqual(any(mail));
  });

  it('adds at the end of the group that was pointed at', () => {
    expect(append(all(mail, any(often)), [1], once)).toEqual(all(mail, any(often, once)));
    expect(append(all(mail), [0], once)).toEqual(all(mail));
  });

  it('removes a row, and a group that it leaves empty', () => {
    expect(remove(all(mail, any(often)), [1, 0])).toEqual(all(mail));
    expect(remove(all(mail, { kind: 'not', of: often }), [1, 0])).toEqual(all(mail));
  });

  it('keeps an empty root rather than nothing', () => {
    expect(remove(any(mail), [0])).toEqual(any());
  });

  it('copies a row right behind itself, with its negation', () => {
    const not: SegmentTree = { kind: 'not', of: often };
    expect(duplicate(all(not, mail), [0])).toEqual(all(not, not, mail));
  });

  it('turns a row into its opposite and back', () => {
    const turned = toggleNot(all(mail), [0]);
    expect(turned).toEqual(all({ kind: 'not', of: mail }));
    expect(toggleNot(turned, [0])).toEqual(all(mail));
  });

  it('joins one whole group by another word', () => {
    expect(setJoint(all(mail, often), [], 'or')).toEqual(any(mail, often));
    expect(setJoint(all(mail, all(often)), [1], 'or')).toEqual(all(mail, any(often)));
  });

  it('puts a row into brackets with the other joining word, and takes it out again', () => {
    const wrapped = wrap(all(mail, often), [1]);
    expect(wrapped).toEqual(all(mail, any(often)));
    expect(unwrap(wrapped, [1])).toEqual(all(mail, often));
  });

  it('moves a row among its neighbours and no farther', () => {
    expect(move(all(mail, often, once), [2], -1)).toEqual(all(mail, once, often));
    expect(move(all(mail, often), [1], 1)).toEqual(all(mail, often));
  });

  it('never changes the tree that it was given', () => {
    const before = all(mail, any(often, once));
    const frozen = JSON.stringify(before);
    for (const path of [[0], [1], [1, 0]]) {
      remove(before, path);
      toggleNot(before, path);
      wrap(before, path);
      duplicate(before, path);
    }
    expect(JSON.stringify(before)).toBe(frozen);
    expect(nodeAt(before, [1, 1])).toEqual(once);
    expect(nodeAt(before, [7, 7])).toBeNull();
  });
});
