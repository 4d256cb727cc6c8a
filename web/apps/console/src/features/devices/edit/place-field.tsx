import { useQuery } from '@tanstack/react-query';
import { locateQuery } from '@yiwang/api/catalog-api.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, InputNumber } from '@yiwang/ui/controls.ts';
import { useEffect, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { CityMap } from '../../../parts/city-map.tsx';

interface PlaceFieldProps {
  value?: Position | undefined;
  onChange?: (position: Position | undefined) => void;
  id?: string;
  /** Once said, it can be moved but not taken away. */
  mayClear: boolean;
}

const DIGITS = 6;
const rounded = ({ lon, lat }: Position): Position => ({
  lon: Number(lon.toFixed(DIGITS)),
  lat: Number(lat.toFixed(DIGITS)),
});

interface Typed {
  lon: number | null;
  lat: number | null;
}

const typedOf = (position: Position | undefined): Typed => position ?? { lon: null, lat: null };

/** A position by a click on the map or by its numbers; the map and the numbers follow each other. */
export function PlaceField({ value, onChange, id, mayClear }: PlaceFieldProps) {
  const t = useT();
  const [typed, setTyped] = useState<Typed>(() => typedOf(value));
  const [lon, lat] = [value?.lon, value?.lat];
  // What comes from outside goes into the numbers; half a position that is being typed stays.
  useEffect(() => {
    if (lon !== undefined && lat !== undefined) setTyped({ lon, lat });
  }, [lon, lat]);
  const type = (change: Partial<Typed>) => {
    const next = { ...typed, ...change };
    setTyped(next);
    if (next.lon !== null && next.lat !== null) onChange?.({ lon: next.lon, lat: next.lat });
    else if (mayClear) onChange?.(undefined);
  };
  const clear = () => {
    setTyped({ lon: null, lat: null });
    onChange?.(undefined);
  };
  const field = (key: 'lon' | 'lat', most: number) => (
    <InputNumber
      {...(key === 'lon' && id ? { id } : {})}
      aria-label={t(`devices.field.${key}`)}
      placeholder={t(`devices.field.${key}`)}
      min={-most}
      max={most}
      step={0.0001}
      controls={false}
      value={typed[key]}
      onChange={(number) => type({ [key]: number })}
      style={{ flex: 1, minWidth: 0 }}
    />
  );
  return (
    <div className="device-place">
      <div className="device-place-numbers">
        {field('lon', 180)}
        {field('lat', 90)}
        {mayClear && value && (
          <Button size="small" type="link" onClick={clear}>
            {t('intake.clearPlace')}
          </Button>
        )}
      </div>
      {value ? <Located position={value} /> : <span className="yw-dim">{t('devices.form.pickOnMap')}</span>}
      <div className="device-place-map">
        <CityMap
          label={t('devices.form.pickOnMap')}
          height="100%"
          marker={value}
          onPick={(position) => onChange?.(rounded(position))}
        />
      </div>
    </div>
  );
}

/** The area around a position; that there is none is no fault, but is said. */
function Located({ position }: { position: Position }) {
  const t = useT();
  const { can } = useSigned();
  const located = useQuery({ ...locateQuery(position), enabled: can('catalog.read'), retry: false });
  if (located.isPending || !can('catalog.read')) return <span className="yw-dim">…</span>;
  if (!located.data?.area) return <span className="device-outside">{t('devices.form.outside')}</span>;
  const { path, area } = located.data;
  return <span>{[path[1], area].map((one) => one?.name).join(' ')}</span>;
}
