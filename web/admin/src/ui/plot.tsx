/** A drawing that knows its width in px, so that its letters keep their size on a phone. */
import { type ReactNode, useEffect, useRef, useState } from 'react';

type Props = {
  height: number;
  label: string;
  children: (width: number) => ReactNode;
  fallbackWidth?: number;
};

export function Plot({ height, label, children, fallbackWidth = 560 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.round(element.clientWidth) || fallbackWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [fallbackWidth]);
  return (
    <div ref={box} style={{ height, minWidth: 0 }}>
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
          {children(width)}
        </svg>
      )}
    </div>
  );
}
