import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';

/** The way to an indicator, of the area that is looked at. */
export function IndicatorLink({
  code,
  area,
  children,
}: {
  code: string;
  area?: string;
  children: ReactNode;
}) {
  const [search] = useSearchParams();
  return (
    <Link to="/vitals/indicators/$code" params={{ code }} search={{ area: area ?? search.area }}>
      {children}
    </Link>
  );
}

interface IndicatorsLinkProps {
  filter: Record<string, string | undefined>;
  title?: string;
  className?: string;
  children: ReactNode;
}

/** The way to the indicators that a figure counts. */
export function IndicatorsLink({ filter, title, className, children }: IndicatorsLinkProps) {
  const [search] = useSearchParams();
  return (
    <Link
      to="/vitals/indicators"
      search={{ area: search.area, ...filter }}
      title={title ?? ''}
      className={className ?? ''}
    >
      {children}
    </Link>
  );
}
