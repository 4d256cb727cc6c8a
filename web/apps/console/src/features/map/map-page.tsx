import { useQuery } from '@tanstack/react-query';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { Workspace } from './workspace.tsx';
import './map.css';
import './map-panels.css';
import './map-print.css';

/** One map of the city: layers, cases and alarms, now or as it was. */
export default function MapPage() {
  const t = useT();
  const query = useQuery(layersQuery);
  return (
    <div className="map-page">
      <h2 className="yw-visually-hidden">{t('map.title')}</h2>
      <Loaded query={query}>
        {(layers: Layer[]) =>
          layers.length > 0 ? (
            <Workspace layers={layers} />
          ) : (
            <Empty text={t('map.noLayers')} hint={t('map.noLayersHint')} />
          )
        }
      </Loaded>
    </div>
  );
}
