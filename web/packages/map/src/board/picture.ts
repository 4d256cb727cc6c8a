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
  // It is read at once: a canvas that the graphics card keeps would have to wait for all that is being drawn.
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return undefined;
  pen.scale(RATIO, RATIO);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
