/** Drawings of our own as files. */
import { type ComponentChild, render } from 'preact';

/** A drawing as a self-contained SVG document. */
export function svgBlob(drawing: ComponentChild): Blob {
  const place = document.createElement('div');
  render(drawing, place);
  const svg = place.querySelector('svg');
  if (svg === null) throw new Error('not an SVG drawing');
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  const text = new XMLSerializer().serializeToString(svg);
  render(null, place);
  return new Blob([text], { type: 'image/svg+xml' });
}

/** The same as a PNG, at 300 dpi of its printed size. */
export async function svgToPng(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = 300 / 96;
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
