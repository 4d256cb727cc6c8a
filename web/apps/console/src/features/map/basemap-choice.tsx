import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Radio } from '@yiwang/ui/controls.ts';
import { type BasemapState, SCHEMATIC } from './use-basemap.ts';

/** What lies under the layers: the schematic map, or one of the sources that work. */
export function BasemapChoice({ all, chosen, failed, choose }: BasemapState) {
  const t = useT();
  const text = useText();
  const sources = all.filter(({ overlay }) => !overlay);
  if (sources.length === 0) return null;
  return (
    <section className="layer-tree" aria-label={t('map.basemap.title')}>
      <h3>{t('map.basemap.title')}</h3>
      <Radio.Group value={chosen?.code ?? SCHEMATIC} onChange={(event) => choose(event.target.value)}>
        <ul>
          <li>
            <div className="layer-line">
              <Radio value={SCHEMATIC}>{t('map.basemap.schematic')}</Radio>
            </div>
          </li>
          {sources.map(({ code, title, usable, off, verified, source }) => (
            <li key={code} data-basemap={code}>
              <div className="layer-line">
                <Radio value={code} disabled={!usable}>
                  {text(title)}
                </Radio>
                {!verified && (
                  <Chip tone="yellow" title={text(source) || t('map.unverifiedHint')}>
                    {t('map.unverified')}
                  </Chip>
                )}
              </div>
              {!usable && <p className="layer-note">{t(`map.basemap.off.${off?.code ?? 'bad_address'}`)}</p>}
            </li>
          ))}
        </ul>
      </Radio.Group>
      {failed && (
        <p className="layer-note" data-bad="true" role="status">
          {t('map.basemap.failed', { name: text(failed.title) })}{' '}
          <button type="button" className="link-button" onClick={() => choose(failed.code)}>
            {t('shell.states.retry')}
          </button>
        </p>
      )}
    </section>
  );
}

/** Whose map it is; the words of a source are text, never markup. */
export function BasemapNote({ chosen, failed }: BasemapState) {
  const t = useT();
  const text = useText();
  if (failed)
    return (
      <span className="map-schematic" role="status">
        {t('map.basemap.failed', { name: text(failed.title) })}
      </span>
    );
  return <span className="map-schematic">{chosen ? chosen.attribution : t('map.schematic')}</span>;
}
