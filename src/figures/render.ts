/** Vega-Lite specifications as SVG and PNG, without a browser. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { loadOptional } from '../optionalPackage.js';

/** Dots per CSS pixel of the PNGs: 300 dpi at the printed size. */
const PNG_SCALE = 300 / 96;

/** What draws, and the fonts it draws with: a machine may have none of its own. */
const PACKAGES = ['vega', 'vega-lite', '@resvg/resvg-js', 'dejavu-fonts-ttf'];

interface Drawing {
  readonly vega: typeof import('vega');
  readonly compile: typeof import('vega-lite').compile;
  readonly Resvg: typeof import('@resvg/resvg-js').Resvg;
  /** Folder of the fonts. */
  readonly fonts: string;
}

/**
 * Loads what pictures are drawn with; called before the numbers are computed, so that nobody waits in vain.
 * @throws {MissingPackageError} where that is not installed
 */
export const loadDrawing = (): Promise<Drawing> =>
  loadOptional('drawing figures', PACKAGES, async () => {
    const vega = await import('vega');
    const { compile } = await import('vega-lite');
    const { Resvg } = await import('@resvg/resvg-js');
    const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
    return { vega, compile, Resvg, fonts: join(fonts, 'ttf') };
  });

/** The figure as a self-contained SVG document. */
export async function renderSvg(specification: TopLevelSpec): Promise<string> {
  const { vega, compile } = await loadDrawing();
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The same picture as a PNG, in the packaged font. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg, fonts } = await loadDrawing();
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: PNG_SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: [join(fonts, 'DejaVuSans.ttf'), join(fonts, 'DejaVuSans-Bold.ttf')],
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return picture.render().asPng();
}
