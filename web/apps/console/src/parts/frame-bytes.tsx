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
          <Bytes>{text}</Bytes>
        </>
      ) : null}
      <span className="yw-dim">{t('sensing.frames.hex')}</span>
      <Bytes>{hexRows(hex).join('\n') || t('sensing.frames.empty')}</Bytes>
      {hex.length / 2 < bytes && <span className="yw-dim">{t('sensing.frames.cut')}</span>}
    </div>
  );
}

function Bytes({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <pre className="yw-mono" tabIndex={0}>
      {children}
    </pre>
  );
}
