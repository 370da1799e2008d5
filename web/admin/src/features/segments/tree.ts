/**
 * Editing rules of a segment's tree: pure functions, a path is the list of child positions from the root.
 *
 * Invariant: the root is always a group, and no edit leaves an empty group below it.
 */
import type { SegmentTree } from '../../api/types';

export type Path = readonly number[];
export type Group = Extract<SegmentTree, { kind: 'and' | 'or' }>;
export type Not = Extract<SegmentTree, { kind: 'not' }>;
export type Condition = Exclude<SegmentTree, Group | Not>;

/** What the server accepts at most (a tree is bounded before it is compiled). */
export const DEPTH_MAX = 32;
export const NODES_MAX = 500;

export const isGroup = (node: SegmentTree): node is Group => node.kind === 'and' || node.kind === 'or';
export const isNot = (node: SegmentTree): node is Not => node.kind === 'not';

/** The editor always works on a group, so a saved single condition is put into one. */
export function asRoot(tree: SegmentTree): Group {
  return isGroup(tree) ? tree : { kind: 'and', of: [tree] };
}

export function children(node: SegmentTree): SegmentTree[] {
  if (isGroup(node)) return node.of;
  return isNot(node) ? [node.of] : [];
}

export function nodeAt(tree: SegmentTree, path: Path): SegmentTree | null {
  let node: SegmentTree | undefined = tree;
  for (const position of path) {
    node = node && children(node)[position];
    if (!node) return null;
  }
  return node ?? null;
}

/** Replaces the node at `path`; a replacement of `null` removes it. */
export function replace(tree: SegmentTree, path: Path, next: SegmentTree | null): SegmentTree | null {
  const [position, ...rest] = path;
  if (position === undefined) return next;
  const child = children(tree)[position];
  if (!child) return tree;
  const changed = replace(child, rest, next);
  if (isNot(tree)) return changed ? { kind: 'not', of: changed } : null;
  if (!isGroup(tree)) return tree;
  const of = changed
    ? tree.of.map((old, index) => (index === position ? changed : old))
    : tree.of.filter((_, index) => index !== position);
  return of.length === 0 ? null : { ...tree, of };
}

const empty: Group = { kind: 'and', of: [] };

/** Same as `replace`, for the whole tree of the editor: it never vanishes, it only gets empty. */
export function replaceIn(root: Group, path: Path, next: SegmentTree | null): Group {
  const changed = replace(root, path, next);
  return changed ? asRoot(changed) : { ...empty, kind: root.kind };
}

export const remove = (root: Group, path: Path): Group => replaceIn(root, path, null);

/** Adds a condition at the end of the group at `path`. */
export function append(root: Group, path: Path, added: SegmentTree): Group {
  const group = nodeAt(root, path);
  if (!group || !isGroup(group)) return root;
  return replaceIn(root, path, { ...group, of: [...group.of, added] });
}

/** Puts a copy right behind the node itself; a negated row is copied with its negation. */
export function duplicate(root: Group, path: Path): Group {
  const position = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  const node = nodeAt(root, path);
  if (position === undefined || !parent || !node || !isGroup(parent)) return root;
  const of = [...parent.of.slice(0, position + 1), node, ...parent.of.slice(position + 1)];
  return replaceIn(root, path.slice(0, -1), { ...parent, of });
}

/** Turns a row into its opposite, and back. */
export function toggleNot(root: Group, path: Path): Group {
  const node = nodeAt(root, path);
  if (!node || path.length === 0) return root;
  return replaceIn(root, path, isNot(node) ? node.of : { kind: 'not', of: node });
}

/** "and" becomes "or" for the whole group: one group has one joining word. */
export function setJoint(root: Group, path: Path, kind: Group['kind']): Group {
  const group = nodeAt(root, path);
  if (!group || !isGroup(group)) return root;
  return replaceIn(root, path, { ...group, kind });
}

/** Puts a row into a group of its own with the other joining word, so that an alternative can be added to it. */
export function wrap(root: Group, path: Path): Group {
  const node = nodeAt(root, path);
  const parent = nodeAt(root, path.slice(0, -1));
  if (!node || !parent || path.length === 0) return root;
  const kind = isGroup(parent) && parent.kind === 'and' ? 'or' : 'and';
  return replaceIn(root, path, { kind, of: [node] });
}

/** Takes the rows of a group out into the group around it. */
export function unwrap(root: Group, path: Path): Group {
  const position = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  const node = nodeAt(root, path);
  if (position === undefined || !parent || !node || !isGroup(parent) || !isGroup(node)) return root;
  const of = [...parent.of.slice(0, position), ...node.of, ...parent.of.slice(position + 1)];
  return replaceIn(root, path.slice(0, -1), { ...parent, of });
}

/** Moves a row up (-1) or down (+1) among its neighbours. */
export function move(root: Group, path: Path, by: -1 | 1): Group {
  const from = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (from === undefined || !parent || !isGroup(parent)) return root;
  const to = from + by;
  const moved = parent.of[from];
  if (!moved || to < 0 || to >= parent.of.length) return root;
  const of = parent.of.filter((_, index) => index !== from);
  of.splice(to, 0, moved);
  return replaceIn(root, path.slice(0, -1), { ...parent, of });
}

export function countNodes(node: SegmentTree): number {
  return 1 + children(node).reduce((sum, child) => sum + countNodes(child), 0);
}

/** The codes of the products that it names. */
export function skusOf(node: SegmentTree): string[] {
  if (node.kind === 'count') return node.sku ? [node.sku] : [];
  return children(node).flatMap(skusOf);
}

export function depth(node: SegmentTree): number {
  return 1 + Math.max(0, ...children(node).map(depth));
}

export const sameTree = (left: SegmentTree, right: SegmentTree): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
