/** Pictures are drawn twice as large, for screens with finer points. */
export const RATIO = 2;

/** A picture of a square, as the map takes it. */
export function pictureOf(
  side: number,
  draw: (pen: CanvasRenderingContext2D) => void,
): ImageData | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = side * RATIO;
  canvas.height = side * RATIO;
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  pen.scale(RATIO, RATIO);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
