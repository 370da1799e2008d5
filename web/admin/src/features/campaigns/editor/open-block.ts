/** Takes the reader to a block of the editor: into view, with the focus. */
export function openBlock(at: number): void {
  const block = document.getElementById(`block-${at}`);
  block?.scrollIntoView?.({ block: 'center' });
  block?.focus({ preventScroll: true });
}
