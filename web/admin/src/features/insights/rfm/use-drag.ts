/** Selecting cells: with the mouse or a finger by dragging, with the keyboard by arrows, space and Escape. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type Cell, keyOf, rectangle, union, without } from './cells';

type Drag = { from: Cell; to: Cell; kept: Cell[] };
type Size = { rows: number; columns: number };

const ARROWS: Record<string, Cell> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function cellAt(event: PointerEvent): Cell | null {
  const element = document
    .elementFromPoint(event.clientX, event.clientY)
    ?.closest<HTMLElement>('[data-cell]');
  const [row, column] = element?.dataset.cell?.split('-').map(Number) ?? [];
  return row === undefined || column === undefined ? null : [row, column];
}

export function useDrag(selected: Cell[], size: Size, onSelect: (cells: Cell[]) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [focus, setFocus] = useState<Cell>([0, 0]);
  const anchor = useRef<Cell | null>(null);
  const shown = drag ? union([...drag.kept, ...rectangle(drag.from, drag.to)]) : selected;

  const onPointerDown = (event: PointerEvent) => {
    const cell = event.button === 0 ? cellAt(event) : null;
    if (!cell) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setFocus(cell);
    setDrag({ from: cell, to: cell, kept: event.shiftKey ? selected : [] });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag) return;
    const cell = cellAt(event);
    if (cell && keyOf(cell) !== keyOf(drag.to)) setDrag({ ...drag, to: cell });
  };
  const onPointerUp = () => {
    if (!drag) return;
    const isOneCell = keyOf(drag.from) === keyOf(drag.to);
    const was = selected.some((cell) => keyOf(cell) === keyOf(drag.from));
    anchor.current = drag.from;
    // A click on a cell that is alone in the selection, or with Shift on one that is in it, takes it away.
    if (isOneCell && was && (drag.kept.length > 0 || selected.length === 1))
      onSelect(without(selected, [drag.from]));
    else onSelect(shown);
    setDrag(null);
  };
  const onPointerCancel = () => setDrag(null);

  const move = ([row, column]: Cell): Cell => [
    Math.min(size.rows - 1, Math.max(0, focus[0] + row)),
    Math.min(size.columns - 1, Math.max(0, focus[1] + column)),
  ];
  const toggle = (cell: Cell) => {
    const isIn = selected.some((known) => keyOf(known) === keyOf(cell));
    anchor.current = cell;
    onSelect(isIn ? without(selected, [cell]) : union([...selected, cell]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      event.preventDefault();
      const next = move(arrow);
      if (event.shiftKey) onSelect(rectangle(anchor.current ?? focus, next));
      if (event.shiftKey && !anchor.current) anchor.current = focus;
      setFocus(next);
      event.currentTarget.querySelector<HTMLElement>(`[data-cell="${keyOf(next)}"]`)?.focus();
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      toggle(focus);
    } else if (event.key === 'Escape') {
      anchor.current = null;
      onSelect([]);
    }
  };
  return {
    shown,
    focus,
    setFocus,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onKeyDown },
  };
}
