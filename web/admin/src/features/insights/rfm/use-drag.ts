/** Selecting cells: with the mouse by dragging, with a finger by tapping one after the other, with the keyboard by arrows, space and Escape. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef, useState } from 'react';
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
  return cellOf(document.elementFromPoint(event.clientX, event.clientY));
}

function cellOf(target: Element | null): Cell | null {
  const element = target?.closest<HTMLElement>('[data-cell]');
  const [row, column] = element?.dataset.cell?.split('-').map(Number) ?? [];
  return row === undefined || column === undefined ? null : [row, column];
}

export function useDrag(selected: Cell[], size: Size, onSelect: (cells: Cell[]) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [focus, setFocus] = useState<Cell>([0, 0]);
  const anchor = useRef<Cell | null>(null);
  const isDragged = useRef(false);
  const shown = drag ? union([...drag.kept, ...rectangle(drag.from, drag.to)]) : selected;

  const onPointerDown = (event: PointerEvent) => {
    // A finger that moves scrolls the page; what it taps comes as a click.
    isDragged.current = event.pointerType !== 'touch';
    const cell = event.button === 0 && isDragged.current ? cellAt(event) : null;
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
  /** A tap, and the click of a screen reader, which moves no pointer. */
  const onClick = (event: MouseEvent) => {
    const cell = isDragged.current ? null : cellOf(event.target as Element);
    isDragged.current = false;
    if (cell) toggle(cell);
  };

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
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onClick, onKeyDown },
  };
}
