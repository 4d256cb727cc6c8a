import { useText } from '@yiwang/i18n/i18n.ts';
import type { WidgetProps } from '../widget.ts';
import './plain.css';

const isWords = (value: unknown): value is { zh: string; en?: string } =>
  typeof value === 'object' && value !== null && 'zh' in value && typeof value.zh === 'string';

/** A line of text. */
export default function Words({ title, options }: WidgetProps) {
  const text = useText();
  return (
    <section className="ww ww-words" aria-label={title}>
      {title && <h3>{title}</h3>}
      <p>{isWords(options.body) ? text(options.body) : ''}</p>
    </section>
  );
}
