/** About how wide a short label is in px: full-width characters are as wide as the letter is high. */
export function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? size : size * 0.58), 0);
}
