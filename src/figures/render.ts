/** Vega-Lite specifications as SVG, PNG and PDF, without a browser. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { loadOptional } from '../optionalPackage.js';
import { withDotsAsLetters } from './pdfText.js';
import { type Metadata, withMetadata } from './pngMetadata.js';
import { widthWithScripts, withScripts } from './scripts.js';
import { FONTS, type FontName } from './style.js';

/** CSS pixels, PDF's points and a PNG's dots in an inch. */
const PIXELS = 96;
const POINTS = 72;
const DOTS = 300;
const MM_PER_INCH = 25.4;

/** The dashes of a line that has none, which PDF has no words for. */
const UNBROKEN = ' stroke-dasharray="1,0"';

/** What draws, and the fonts it draws with: a machine may have none of its own. */
const PACKAGES = [
  'vega',
  'vega-lite',
  '@resvg/resvg-js',
  'dejavu-fonts-ttf',
  'pdfkit',
  'svg-to-pdfkit',
];

interface Drawing {
  readonly vega: typeof import('vega');
  readonly compile: typeof import('vega-lite').compile;
  readonly Resvg: typeof import('@resvg/resvg-js').Resvg;
  readonly PdfDocument: typeof import('pdfkit');
  readonly svgToPdf: typeof import('svg-to-pdfkit');
  /** The file of a typeface. */
  readonly fontFile: (font: FontName, isBold: boolean) => string;
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
    const { default: PdfDocument } = await import('pdfkit');
    const { default: svgToPdf } = await import('svg-to-pdfkit');
    const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
    return {
      vega,
      compile,
      Resvg,
      PdfDocument,
      svgToPdf,
      fontFile: (font, isBold) =>
        join(fonts, 'ttf', `${FONTS[font].file}${isBold ? '-Bold' : ''}.ttf`),
    };
  });

export interface SvgChoice {
  readonly font?: FontName;
  /** Width in print; by default as large as the specification makes it. */
  readonly millimetres?: number | undefined;
}

/** The widths of texts of a size in a typeface. */
function measureOf({ PdfDocument, fontFile }: Drawing, font: FontName, isBold: boolean) {
  const document = new PdfDocument().font(fontFile(font, isBold));
  return (text: string, size: number): number => document.fontSize(size).widthOfString(text);
}

/** Tells Vega how wide texts are: it would guess, and place legends by the guess. */
function measureTexts(drawing: Drawing, font: FontName): void {
  const { vega } = drawing;
  const measures = {
    normal: measureOf(drawing, font, false),
    bold: measureOf(drawing, font, true),
  };
  const { textMetrics } = vega as unknown as {
    textMetrics: {
      width: (item: { fontSize?: number; fontWeight?: string }, text: unknown) => number;
    };
  };
  textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
    widthWithScripts(
      String(text ?? ''),
      fontSize,
      fontWeight === 'bold' ? measures.bold : measures.normal,
    );
}

/** The document's size as an attribute of `svg`, in CSS pixels. */
function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** The figure as a self-contained SVG document. */
export async function renderSvg(
  specification: TopLevelSpec,
  { font = 'sans', millimetres }: SvgChoice = {},
): Promise<string> {
  const drawing = await loadDrawing();
  const { vega, compile } = drawing;
  measureTexts(drawing, font);
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: 'none' });
  try {
    const svg = withScripts((await view.toSVG()).replaceAll(UNBROKEN, ''));
    if (millimetres === undefined) return svg;
    const { width, height } = sizeOf(svg);
    const tall = ((millimetres * height) / width).toFixed(3);
    return svg.replace(
      /width="[\d.]+" height="[\d.]+"/,
      `width="${millimetres}mm" height="${tall}mm"`,
    );
  } finally {
    view.finalize();
  }
}

/** Width in print of a document, in inches. */
function inchesOf(svg: string): number {
  const [, millimetres] = /^<svg[^>]*? width="([\d.]+)mm"/.exec(svg) ?? [];
  return millimetres === undefined ? sizeOf(svg).width / PIXELS : Number(millimetres) / MM_PER_INCH;
}

/** The same picture as a PNG of 300 dots an inch, in the packaged font. */
export async function renderPng(
  svg: string,
  metadata: Metadata = {},
  font: FontName = 'sans',
): Promise<Uint8Array> {
  const { Resvg, fontFile } = await loadDrawing();
  const picture = new Resvg(svg, {
    fitTo: { mode: 'width', value: Math.round(DOTS * inchesOf(svg)) },
    font: {
      loadSystemFonts: false,
      fontFiles: [fontFile(font, false), fontFile(font, true)],
      defaultFontFamily: FONTS[font].family,
    },
  });
  return withMetadata(picture.render().asPng(), DOTS, metadata);
}

/** The same picture as a PDF of one page, with the packaged font in it. */
export async function renderPdf(
  svg: string,
  metadata: Metadata = {},
  font: FontName = 'sans',
): Promise<Uint8Array> {
  const drawing = await loadDrawing();
  const { PdfDocument, svgToPdf, fontFile } = drawing;
  const { width, height } = sizeOf(svg);
  const points = POINTS * inchesOf(svg);
  const size = [points, (points * height) / width];
  const document = new PdfDocument({
    size,
    margin: 0,
    info: { Creator: metadata.Software ?? '', Subject: metadata.Description ?? '' },
  });
  const parts: Uint8Array[] = [];
  document.on('data', (part: Uint8Array) => parts.push(part));
  const done = new Promise<void>((resolve, reject) => {
    document.on('end', resolve).on('error', reject);
  });
  // Its size is the page's: what it says of it would be taken in other units.
  const sizeless = withDotsAsLetters(svg, measureOf(drawing, font, false)).replace(
    /^(<svg[^>]*?) width="[^"]*" height="[^"]*"/,
    '$1',
  );
  svgToPdf(document as unknown as Parameters<typeof svgToPdf>[0], sizeless, 0, 0, {
    width: size[0],
    height: size[1],
    assumePt: true,
    fontCallback: (_, isBold) => fontFile(font, isBold),
  });
  document.end();
  await done;
  return Buffer.concat(parts);
}
