import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

export interface Size {
  width: number;
  height: number;
}

/** How large an element is; nothing before it is there. */
export function useSize<E extends HTMLElement>(): [RefObject<E | null>, Size | undefined] {
  const element = useRef<E>(null);
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const here = element.current;
    if (!here) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = here;
      setSize((old) => (old?.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(here);
    return () => watch.disconnect();
  }, []);
  return [element, size];
}
