import { useT } from '@yiwang/i18n/i18n.ts';
import { hexRows } from './refused.ts';
import './frame-bytes.css';

/** A frame as it came: as text where it is text, and its bytes. What a device sent is shown, never obeyed. */
export function FrameBytes({
  text,
  hex,
  bytes,
}: {
  text?: string | null | undefined;
  hex: string;
  bytes: number;
}) {
  const t = useT();
  return (
    <div className="frame-bytes">
      {text ? (
        <>
          <span className="yw-dim">{t('sensing.frames.text')}</span>
          <pre className="yw-mono">{text}</pre>
        </>
      ) : null}
      <span className="yw-dim">{t('sensing.frames.hex')}</span>
      <pre className="yw-mono">{hexRows(hex).join('\n') || t('sensing.frames.empty')}</pre>
      {hex.length / 2 < bytes && <span className="yw-dim">{t('sensing.frames.cut')}</span>}
    </div>
  );
}
