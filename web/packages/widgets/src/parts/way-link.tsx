import type { ReactNode } from 'react';
import { useSetting, type Way } from './setting.ts';

interface WayLinkProps {
  way: Way;
  children: ReactNode;
  className?: string | undefined;
  label?: string | undefined;
}

/** A link into the console. */
export function WayLink({ way, children, className, label }: WayLinkProps) {
  const { hrefOf, go } = useSetting();
  return (
    <a
      href={hrefOf(way)}
      className={className}
      aria-label={label}
      onClick={(event) => {
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0)
          return;
        event.preventDefault();
        go(way);
      }}
    >
      {children}
    </a>
  );
}
