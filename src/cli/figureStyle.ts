/** Options that say how a picture looks in print. */
import type { Command } from 'commander';
import {
  COLUMNS,
  DEFAULT_STYLE,
  type FigureStyle,
  FONTS,
  type FontName,
  frameOf,
} from '../figures/style.js';
import { ParameterError } from '../model/parameters.js';

export interface StyleFlags {
  readonly column?: string;
  readonly width?: string;
  readonly font?: string;
  readonly caption?: boolean;
}

/** Widths that texts can be read in, in millimetres. */
const WIDTHS = { least: 60, most: 400 } as const;

const columns = Object.keys(COLUMNS);
const fonts = Object.keys(FONTS);

export const addStyleOptions = (command: Command): Command =>
  command
    .option(
      '--column <name>',
      `width in print: ${Object.entries(COLUMNS)
        .map(([name, millimetres]) => `${name} (${millimetres} mm)`)
        .join(' or ')}`,
    )
    .option('--width <mm>', `width in print (mm; ${WIDTHS.least} to ${WIDTHS.most})`)
    .option('--font <name>', `typeface: ${fonts.join(' or ')}`, DEFAULT_STYLE.font)
    .option('--caption', 'parameters and remarks under the picture');

/** The width asked for; undefined where none is. */
function readWidth({ column, width }: StyleFlags): number | undefined {
  if (column !== undefined) {
    if (!columns.includes(column)) {
      throw new ParameterError('column', column, `one of ${columns.join(', ')}`);
    }
    if (width !== undefined)
      throw new ParameterError('width', width, 'absent where column is given');
    return COLUMNS[column as keyof typeof COLUMNS];
  }
  if (width === undefined) return undefined;
  const millimetres = Number(width);
  if (!(millimetres >= WIDTHS.least && millimetres <= WIDTHS.most)) {
    throw new ParameterError(
      'width',
      width,
      `a number of millimetres from ${WIDTHS.least} to ${WIDTHS.most}`,
    );
  }
  return millimetres;
}

/** @throws {ParameterError} */
export function readStyle(flags: StyleFlags): {
  readonly style: FigureStyle;
  readonly millimetres: number | undefined;
} {
  const { font = DEFAULT_STYLE.font, caption = false } = flags;
  if (!fonts.includes(font)) throw new ParameterError('font', font, `one of ${fonts.join(', ')}`);
  const millimetres = readWidth(flags);
  return {
    style: {
      frame: millimetres === undefined ? DEFAULT_STYLE.frame : frameOf(millimetres),
      font: font as FontName,
      hasCaption: caption,
    },
    millimetres,
  };
}
