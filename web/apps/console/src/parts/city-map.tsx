import { useQuery } from '@tanstack/react-query';
import { areasGeojsonQuery } from '@yiwang/api/catalog-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { MapHostProps } from '@yiwang/map/map-host.tsx';
import { Boundary, Loading } from '@yiwang/ui/states.tsx';
import { useTheme } from '@yiwang/ui/theme-provider.tsx';
import { lazy, Suspense } from 'react';

const MapHost = lazy(() => import('@yiwang/map/map-host.tsx'));

type CityMapProps = Omit<MapHostProps, 'theme' | 'areas'> & { level?: 2 | 3 | 4; height?: number | string };

/** The schematic city with points on it. */
export function CityMap({ level = 2, height = 220, ...props }: CityMapProps) {
  const t = useT();
  const { theme } = useTheme();
  const areas = useQuery(areasGeojsonQuery(level));
  return (
    <figure className="city-map" style={{ height }}>
      <Boundary>
        <Suspense fallback={<Loading />}>
          <MapHost {...props} theme={theme} areas={areas.data} />
        </Suspense>
      </Boundary>
      <figcaption>{t('incident.schematic')}</figcaption>
    </figure>
  );
}
