/** Keys for a list whose items may be alike: what each says, and how often that stood before it. */
export function keysOf(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return words.map((word) => {
    const before = counts.get(word) ?? 0;
    counts.set(word, before + 1);
    return before === 0 ? word : `${word} ${before}`;
  });
}
