import type { Fence } from '@yiwang/api/types/fence.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { groundGeometry } from '@yiwang/map/board/fence-style.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../../app/session.tsx';
import { FENCES } from '../map-view.ts';
import type { MapViewState } from '../use-map-view.ts';
import { FenceEvents } from './fence-events.tsx';
import { useFenceWords } from './fence-words.ts';
import type { FencesState } from './use-fences.ts';
import './fences.css';

interface FencePanelProps {
  fences: FencesState;
  view: MapViewState;
  board: Board | undefined;
}

/** The fences, and what they told. */
export function FencePanel({ fences, view, board }: FencePanelProps) {
  const t = useT();
  const { can } = useSigned();
  const choose = (fence: Fence) => {
    view.setChosen({ layer: FENCES, id: fence.id });
    board?.fit(groundGeometry(fence.plan.outline));
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <div className="map-scroll" tabIndex={0} role="group" aria-label={t('map.tabs.fences')}>
      {can('geo.edit') && (
        <Button
          size="small"
          type="primary"
          icon={<PlusOutlined />}
          onClick={() => view.setForm({ what: 'fence', of: '' })}
        >
          {t('map.fences.add')}
        </Button>
      )}
      <Loaded query={fences.query}>
        {(list) =>
          list.length > 0 ? (
            <FenceList list={list} chosen={view.chosen?.id} onChoose={choose} />
          ) : (
            <Empty text={t('map.fences.none')} hint={t('map.fences.noneHint')} />
          )
        }
      </Loaded>
      {can('sensing.read') && (
        <section aria-label={t('map.fences.events')}>
          <h3 className="fence-head">{t('map.fences.events')}</h3>
          <FenceEvents onPlace={(place) => board?.go(place)} />
        </section>
      )}
    </div>
  );
}

interface ListProps {
  list: readonly Fence[];
  chosen: string | undefined;
  onChoose: (fence: Fence) => void;
}

function FenceList({ list, chosen, onChoose }: ListProps) {
  const t = useT();
  const words = useFenceWords();
  return (
    <ul className="fence-list" aria-label={t('map.fences.list')}>
      {list.map((fence) => (
        <li key={fence.id}>
          <button
            type="button"
            aria-current={fence.id === chosen}
            data-on={fence.is_on}
            onClick={() => onChoose(fence)}
          >
            <span>
              <strong>{fence.name}</strong>
              <em>{t(`map.fences.states.${fence.is_on ? 'on' : 'off'}`)}</em>
            </span>
            <small>
              {t(`map.fences.kinds.${fence.plan.outline.kind}`)} · {words.rules(fence).join('、')}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}
