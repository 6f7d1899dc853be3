/** What may be chosen about a picture: its width in print, its type, whether its parameters stand under it. */

/** The typefaces that are packaged, so that a picture is the same on every machine. */
export const FONTS = {
  sans: { family: 'DejaVu Sans', generic: 'sans-serif', file: 'DejaVuSans' },
  serif: { family: 'DejaVu Serif', generic: 'serif', file: 'DejaVuSerif' },
} as const;

export type FontName = keyof typeof FONTS;

export interface FigureStyle {
  /** Width of the frame that curves are drawn in, in CSS pixels. */
  readonly frame: number;
  readonly font: FontName;
  /** Whether parameters and remarks stand under the picture. */
  readonly hasCaption: boolean;
}

const PIXELS_PER_MM = 96 / 25.4;

/** Widths of a column and of a page of two, in millimetres, as most journals have them. */
export const COLUMNS = { single: 86, double: 178 } as const;

/** What a frame of a picture leaves to axes and margins, in CSS pixels. */
const MARGIN = 66;

/** The frame of a picture that is so wide. */
export const frameOf = (millimetres: number): number =>
  Math.round(millimetres * PIXELS_PER_MM) - MARGIN;

/** A frame below this is narrow: a column's. */
export const NARROW = 330;

/** As pictures are unless told otherwise: 119 mm wide. */
export const DEFAULT_STYLE: FigureStyle = { frame: 380, font: 'sans', hasCaption: false };

/** On a page of the browser app, where nothing else says what the parameters are. */
export const PAGE_STYLE: FigureStyle = { ...DEFAULT_STYLE, hasCaption: true };
