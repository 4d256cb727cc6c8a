import type { Device, Hearing } from '@yiwang/api/types/sensing.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import type { Tone } from '@yiwang/ui/chip.tsx';
import { Light, type LightName } from '@yiwang/ui/light.tsx';
import { useNow } from '../../app/use-now.ts';

/** Silence is the worst: nobody said that it would come. */
export const HEARING_LIGHTS: Record<Hearing, LightName> = {
  online: 'green',
  offline: 'orange',
  silent: 'red',
  never: 'none',
};

export const HEARING_TONES: Record<Hearing, Tone> = {
  online: 'green',
  offline: 'orange',
  silent: 'red',
  never: 'plain',
};

export function HearingLight({ device }: { device: Device }) {
  const t = useT();
  return <Light light={HEARING_LIGHTS[device.hearing]} label={t(`sensing.hearing.${device.hearing}`)} />;
}

/** Why, and since when where it is not well heard. */
export function HearingReason({ device }: { device: Device }) {
  const t = useT();
  const known = useKnown();
  const now = useNow();
  const reason = known('sensing.reason', device.hearing_reason);
  const since = device.hearing !== 'online' && device.hearing_since;
  return (
    <>
      {reason}
      {since && ` · ${t('sensing.since', { time: shortTime(since, now) })}`}
    </>
  );
}
