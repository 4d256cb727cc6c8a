import { segmentsOf } from './trend-path.ts';
import './trend-line.css';

interface TrendLineProps {
  /** The oldest first; nothing where there was no value. */
  values: readonly (number | null)[];
  /** What is seen, in words. */
  label: string;
  width?: number;
  height?: number;
}

/** A small curve beside a number; broken where nothing came. */
export function TrendLine({ values, label, width = 96, height = 24 }: TrendLineProps) {
  const { lines, dots } = segmentsOf(values, width, height);
  if (lines.length + dots.length === 0) return <span className="yw-dim">—</span>;
  return (
    <svg className="trend-line" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{label}</title>
      {lines.map((line) => (
        <polyline key={line} points={line} />
      ))}
      {dots.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r={1.8} />
      ))}
    </svg>
  );
}
