/**
 * Splits a sentence with slots ("{{event}} at least {{value}} times") into words and slots,
 * so that each language may put its fields in its own order.
 */
export type Part = { slot: string | null; text: string };

const SLOT = /\{(\w+)\}/g;

/** Slots are written with single braces, so that i18next leaves them alone. */
export function sentenceParts(template: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of template.matchAll(SLOT)) {
    const words = template.slice(end, found.index);
    if (words.trim() !== '') parts.push({ slot: null, text: words.trim() });
    parts.push({ slot: found[1] ?? '', text: '' });
    end = found.index + found[0].length;
  }
  const rest = template.slice(end).trim();
  if (rest !== '') parts.push({ slot: null, text: rest });
  return parts;
}

/** Fills the slots with words: the sentence as it is read, without fields. */
export function sentenceText(template: string, slots: Record<string, string>): string {
  return template
    .replace(SLOT, (_, slot: string) => slots[slot] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
