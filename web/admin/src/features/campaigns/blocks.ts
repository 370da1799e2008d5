/** The rules of the mail's blocks: order, kinds, and what a reader would call the content. */
import type { Block } from '../../api/types';

export const BLOCK_KINDS = ['text', 'heading', 'products', 'button', 'image', 'divider'] as const;
export type BlockKind = Block['kind'];

/** The server renders no more than this; a longer mail is cut by many mail programs. */
export const BLOCKS_MAX = 60;
export const PRODUCTS_MAX = 12;

export function newBlock(kind: BlockKind): Block {
  switch (kind) {
    case 'text':
    case 'heading':
      return { kind, text: '' };
    case 'products':
      return { kind, skus: [] };
    case 'button':
      return { kind, label: '', url: '' };
    case 'image':
      return { kind, url: '', alt: '' };
    case 'divider':
      return { kind };
  }
}

export const insertBlock = (blocks: Block[], at: number, added: Block): Block[] =>
  blocks.length >= BLOCKS_MAX ? blocks : [...blocks.slice(0, at), added, ...blocks.slice(at)];

export const changeBlock = (blocks: Block[], at: number, changed: Block): Block[] =>
  blocks.map((old, index) => (index === at ? changed : old));

export const removeBlock = (blocks: Block[], at: number): Block[] =>
  blocks.filter((_, index) => index !== at);

/** Moves a block by one; at the ends nothing changes. */
export function moveBlock(blocks: Block[], from: number, by: -1 | 1): Block[] {
  const to = from + by;
  const moved = blocks[from];
  if (!moved || to < 0 || to >= blocks.length) return blocks;
  const rest = removeBlock(blocks, from);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

export type Content = { products: number; buttons: number; images: number };

/** What the confirmation page says of the mail: 「商品4点・ボタン1つ」. */
export function countContent(blocks: Block[]): Content {
  return {
    products: blocks.reduce((sum, block) => sum + (block.kind === 'products' ? block.skus.length : 0), 0),
    buttons: blocks.filter((block) => block.kind === 'button').length,
    images: blocks.filter((block) => block.kind === 'image').length,
  };
}
