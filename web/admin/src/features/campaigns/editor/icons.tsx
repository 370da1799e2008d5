/** The small pictures of the mail editor. */
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

export const UpIcon = () => (
  <Line>
    <path d="M8 13V3.5M4 7l4-4 4 4" />
  </Line>
);

export const DownIcon = () => (
  <Line>
    <path d="M8 3v9.5M4 9l4 4 4-4" />
  </Line>
);

export const RemoveIcon = () => (
  <Line>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Line>
);
