/** Text of others on its way to a terminal: names and values from files may hold anything. */

/** Characters that steer a terminal, hide, or reorder text. */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** More than a terminal shows of one line is of no use to anybody. */
const LONGEST = 1000;

/** The text as one line of what can be seen: white space is a blank, what steers is spelt out. */
export function oneLine(text: string): string {
  const shown = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(STEERING, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)} …` : shown;
}
