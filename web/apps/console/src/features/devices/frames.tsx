import { useQuery } from '@tanstack/react-query';
import { deviceFramesQuery } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { FrameBytes } from '../../parts/frame-bytes.tsx';
import { useRefused } from '../../parts/refused.ts';
import { SideSection } from '../../parts/side-pane.tsx';

const PREVIEW = 80;

/** The last frames as they came, the refused ones with their reason. */
export function Frames({ device }: { device: Device }) {
  const t = useT();
  const refused = useRefused();
  const query = useQuery(deviceFramesQuery(device.id));
  return (
    <SideSection title={t('sensing.detail.frames')}>
      <Loaded query={query}>
        {(frames) =>
          frames.length === 0 ? (
            <p className="yw-dim">{t('sensing.frames.none')}</p>
          ) : (
            <ul className="device-frames">
              {frames.map((frame) => (
                <li key={`${frame.at}-${frame.hex.slice(0, 32)}`}>
                  <details>
                    <summary>
                      <time dateTime={frame.at}>{fullTime(frame.at)}</time>
                      <span className="yw-dim">{t(`sensing.protocols.${frame.edge}`)}</span>
                      {frame.refused && (
                        <Chip tone="red">
                          {t('sensing.frames.refused', { reason: refused(frame.refused) })}
                        </Chip>
                      )}
                      <span className="frame-preview yw-mono">
                        {(frame.text || frame.hex).slice(0, PREVIEW)}
                      </span>
                      <span className="yw-dim">{frame.bytes} B</span>
                    </summary>
                    <FrameBytes text={frame.text} hex={frame.hex} bytes={frame.bytes} />
                  </details>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </SideSection>
  );
}
