import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Empty } from '@yiwang/ui/states.tsx';
import { CardPane } from './card-pane.tsx';
import { type CardProps, FeatureCard } from './feature-card.tsx';
import { ALARMS, CASES, type Chosen } from './map-view.ts';
import { AlarmCard, AreaCard, CaseCard, DeviceCard } from './own-cards.tsx';
import type { Placing } from './placing.ts';
import { isArea, type ThingWords } from './things.ts';

interface ChosenCardProps extends Omit<CardProps, 'id'> {
  chosen: Chosen;
  byCode: ReadonlyMap<string, Layer>;
  at: string | undefined;
  words: ThingWords;
  placing: Placing;
}

/** The card of what was chosen, whosever it is. */
export function Card({ chosen, byCode, at, words, placing, ...rest }: ChosenCardProps) {
  const t = useT();
  const props = { ...rest, id: chosen.id };
  if (chosen.layer === CASES) return <CaseCard {...props} />;
  if (chosen.layer === ALARMS) return <AlarmCard {...props} />;
  const layer = byCode.get(chosen.layer);
  if (!layer)
    return (
      <CardPane title={chosen.layer} onClose={rest.onClose}>
        <Empty text={t('map.card.gone')} />
      </CardPane>
    );
  if (layer.content === 'devices') return <DeviceCard {...props} />;
  if (isArea(layer)) return <AreaCard {...props} layer={layer} />;
  return <FeatureCard {...props} {...{ layer, at, words, placing }} />;
}
