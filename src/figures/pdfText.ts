/**
 * Dots over letters for PDF. What writes it leaves out marks without a width of their own, so that the dot of
 * Q̇ is written as a letter and moved over the Q.
 */

/** The letters before a dot, the letter under it, and what follows. */
const DOTTED = /^(.*?)(\p{L})\u0307(.*)$/su;
const DOT = '\u02d9';
/** How far the dot is raised, in shares of the text's size: it is made for small letters. */
const RAISED = 0.18;

type Width = (text: string, size: number) => number;

const digits = (value: number): string => String(Number(value.toFixed(3)));

function dotted(text: string, size: number, width: Width): string {
  const found = DOTTED.exec(text);
  if (found === null) return text;
  const [, before, letter, after] = found;
  const [under, dot] = [width(letter, size), width(DOT, size)];
  const raised = digits(RAISED * size);
  const rest =
    after === ''
      ? ''
      : `<tspan dx="${digits((under - dot) / 2)}" dy="${raised}">${dotted(after, size, width)}</tspan>`;
  return `${before}${letter}<tspan dx="${digits(-(under + dot) / 2)}" dy="-${raised}">${DOT}</tspan>${rest}`;
}

/**
 * An SVG document whose dots are letters.
 * @param width of a text of a size, in the document's typeface
 */
export const withDotsAsLetters = (svg: string, width: Width): string =>
  svg.replace(/<text\b[^>]*\bfont-size="([\d.]+)px"[^>]*>.*?<\/text>/gs, (element, size) =>
    element.replace(/>([^<>]+)</g, (_, text) => `>${dotted(text, Number(size), width)}<`),
  );
