/** The four small pictures of the editor, drawn with the line of the shell's own. */
import type { ReactNode } from 'react';

function Line({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const CopyIcon = () => (
  <Line>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 3.5v-.5a1 1 0 0 0-1-1H3.5a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h.5" />
  </Line>
);

export const RemoveIcon = () => (
  <Line>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Line>
);

export const DotsIcon = () => (
  <Line>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.4" />
  </Line>
);

export const PlusIcon = () => (
  <Line>
    <path d="M8 3.5v9M3.5 8h9" />
  </Line>
);

export const UndoIcon = () => (
  <Line>
    <path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 4 3 6.5 5.5 9" />
  </Line>
);

export const RedoIcon = () => (
  <Line>
    <path d="M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.5 4 13 6.5 10.5 9" />
  </Line>
);
