import { useT } from '@yiwang/i18n/i18n.ts';
import { Frame } from '../parts/frame.tsx';
import { textOption, type WidgetProps } from '../widget.ts';

/** The place of a camera's picture; the platform has no source of pictures yet, and the wall says so. */
export default function Video({ title, options }: WidgetProps) {
  const t = useT();
  const slot = textOption(options, 'slot') ?? '';
  const camera = textOption(options, 'camera');
  return (
    <Frame
      title={title ?? t('wall.video.title', { slot })}
      isEmpty
      emptyWords={camera ? t('wall.video.noneOf', { camera }) : t('wall.video.none')}
    />
  );
}
