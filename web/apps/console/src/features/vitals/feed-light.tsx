import type { FeedState } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Light, type LightName } from '@yiwang/ui/light.tsx';

const LIGHTS: Record<FeedState, LightName> = { fresh: 'green', late: 'orange', never: 'none' };

/** Whether values still come. */
export function FeedLight({ state }: { state: FeedState }) {
  const t = useT();
  return <Light light={LIGHTS[state]} label={t(`vitals.feed.state.${state}`)} />;
}
