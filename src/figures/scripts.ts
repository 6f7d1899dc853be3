/**
 * Superscripts and subscripts in the texts of a picture. Vega draws plain text, so that labels are written as
 * `W^(Q)` and `L_z`, which can be read as they are, and are set properly in the finished SVG.
 */

/** A superscript in parentheses, or letters as a subscript of a symbol: names of functions have underscores, too. */
const SCRIPT = /\^(\([^()]*\))|(?<=[^\s_])(?<!\p{Ll}{2})_(\p{L}+)/gu;

/** Size of a script, and how far its baseline is moved, in shares of the text's size. */
const SIZE = 0.72;
const RAISED = 0.38;
const LOWERED = 0.18;

interface Piece {
  readonly text: string;
  readonly level: 'plain' | 'above' | 'below';
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(SCRIPT)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), level: 'plain' });
    const [whole, above, below] = match;
    pieces.push({ text: above ?? below, level: above === undefined ? 'below' : 'above' });
    end = match.index + whole.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), level: 'plain' });
  return pieces;
}

const digits = (value: number): string => String(Number(value.toFixed(2)));

function typeset(text: string, size: number): string {
  let baseline = 0;
  const pieces = piecesOf(text);
  if (pieces.every(({ level }) => level === 'plain')) return text;
  return pieces
    .map(({ text: part, level }) => {
      const wanted = level === 'plain' ? 0 : level === 'above' ? -RAISED * size : LOWERED * size;
      const shift = wanted === baseline ? '' : ` dy="${digits(wanted - baseline)}"`;
      baseline = wanted;
      const small = level === 'plain' ? '' : ` font-size="${digits(SIZE * size)}px"`;
      return `<tspan${shift}${small}>${part}</tspan>`;
    })
    .join('');
}

/** An SVG document with the scripts of its texts set. */
export const withScripts = (svg: string): string =>
  svg.replace(/<text\b[^>]*\bfont-size="([\d.]+)px"[^>]*>.*?<\/text>/gs, (element, size) =>
    element.replace(/>([^<>]+)</g, (_, text) => `>${typeset(text, Number(size))}<`),
  );

/** The width of a text with its scripts, given that of plain text. */
export const widthWithScripts = (
  text: string,
  size: number,
  widthOf: (text: string, size: number) => number,
): number =>
  piecesOf(text).reduce(
    (sum, { text: part, level }) => sum + widthOf(part, level === 'plain' ? size : SIZE * size),
    0,
  );
