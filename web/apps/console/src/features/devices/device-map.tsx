import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Query } from '@yiwang/api/client.ts';
import { devicesOnMapQuery } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { CityMap } from '../../parts/city-map.tsx';
import { HEARING_LIGHTS } from './hearing.tsx';

interface MapProps {
  filter: Query;
  selected: string | undefined;
  onPick: (id: string) => void;
}

/** The same devices on the map; the list is its twin for those who do not see it. */
export function DeviceMap({ filter, selected, onPick }: MapProps) {
  const query = useQuery({ ...devicesOnMapQuery(filter), placeholderData: keepPreviousData });
  return (
    <Loaded query={query}>
      {(devices) => <Drawn devices={devices} selected={selected} onPick={onPick} />}
    </Loaded>
  );
}

function Drawn({ devices, selected, onPick }: Omit<MapProps, 'filter'> & { devices: Device[] }) {
  const t = useT();
  const points = useMemo(
    () =>
      devices.flatMap(({ id, position, hearing }) =>
        position ? [{ id, ...position, light: HEARING_LIGHTS[hearing] }] : [],
      ),
    [devices],
  );
  const missing = devices.length - points.length;
  const marker = devices.find((device) => device.id === selected)?.position ?? undefined;
  return (
    <div className="device-map">
      <span className="yw-dim">
        {t('sensing.mapHint')} {missing > 0 && t('sensing.mapMissing', { count: missing })}
      </span>
      <CityMap label={t('sensing.mapLabel')} points={points} marker={marker} onPoint={onPick} height="100%" />
    </div>
  );
}
