import { useQuery } from '@tanstack/react-query';
import { resolveQuery } from '@yiwang/api/catalog-api.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { AreaPicker } from '../../parts/area-picker.tsx';
import { CityMap } from '../../parts/city-map.tsx';
import { ItemPicker } from '../../parts/item-picker.tsx';
import { ResponsibilityCard } from '../../parts/responsibility-card.tsx';

/** Who leads this item here, and which rule says so. */
export function Resolve() {
  const t = useT();
  const [item, setItem] = useState<string>();
  const [area, setArea] = useState<string>();
  const [position, setPosition] = useState<Position>();
  const place = position ? { position } : area ? { area } : undefined;
  const answer = useQuery({ ...resolveQuery(item ?? '', place ?? {}), enabled: Boolean(item && place) });
  return (
    <div className="resolve-split">
      <div>
        <p className="yw-dim">{t('catalog.responsibility.resolveHint')}</p>
        <ItemPicker label={t('incident.fact.item')} value={item} onChange={setItem} />
        <AreaPicker
          label={t('incident.fact.area')}
          depth={4}
          value={area}
          onChange={(code) => {
            setArea(code);
            setPosition(undefined);
          }}
        />
        {item && place && <Loaded query={answer}>{(found) => <ResponsibilityCard answer={found} />}</Loaded>}
      </div>
      <CityMap
        label={t('catalog.responsibility.resolveTitle')}
        height={460}
        marker={position}
        onPick={(at) => {
          setPosition(at);
          setArea(undefined);
        }}
      />
    </div>
  );
}
