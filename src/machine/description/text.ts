/** A machine file's text: its YAML as data, and where each part of it stands. */
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { MachineError, type Place } from './error.js';

/** Keys and indices that lead to a part of the data. */
export type Path = readonly (string | number)[];

const MOST_CHARACTERS = 100_000;
const MOST_ALIASES = 50;
/** A key that objects have no property by: it would be lost without a word. */
const PROTOTYPE = '__proto__';

export class MachineText {
  readonly data: unknown;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  /** @throws {MachineError} for a text that is not YAML, or is too long */
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    if (text.length > MOST_CHARACTERS) {
      throw new MachineError(file, null, `a machine file of at most ${MOST_CHARACTERS} characters`);
    }
    try {
      this.#document = parseDocument(text, {
        lineCounter: this.#lines,
        prettyErrors: false,
        logLevel: 'error',
      });
    } catch (error) {
      // What is nested so deeply that the parser's stack is not enough.
      if (error instanceof RangeError) throw new MachineError(file, null, 'nested too deeply');
      throw error;
    }
    const [wrong] = this.#document.errors;
    if (wrong !== undefined) {
      throw new MachineError(file, this.#at(wrong.pos[0]), `must be valid YAML (${wrong.message})`);
    }
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (!isScalar(key) || key.value !== PROTOTYPE) return;
        throw new MachineError(file, this.#at(key.range?.[0] ?? 0), `'${PROTOTYPE}' is no name`);
      },
    });
    try {
      this.data = this.#document.toJS({ maxAliasCount: MOST_ALIASES });
    } catch (error) {
      throw new MachineError(
        file,
        null,
        `must be valid YAML (${(error as Error).message.split('\n')[0]})`,
      );
    }
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #node(path: Path): Node | null {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (typeof node === 'object' && node !== null && 'range' in node) return node as Node;
    }
    return null;
  }

  /** Where a value stands; of a part that is not there, where the one around it begins. */
  placeOf(path: Path): Place {
    return this.#at(this.#node(path)?.range?.[0] ?? 0);
  }

  /** Where a key of a mapping stands. */
  placeOfKey(path: Path): Place {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const key = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key) && pair.key.range) return this.#at(pair.key.range[0]);
    }
    return this.placeOf(path);
  }

  /**
   * Where a character of an expression stands: folded lines and quotes add characters of their own.
   * @param index within the expression, as YAML has read it
   */
  placeWithin(path: Path, index: number): Place {
    const node = this.#document.getIn(path, true);
    if (!isScalar(node) || !node.range) return this.placeOf(path);
    const [first, end] = node.range;
    const value = String(node.value);
    let at = this.text.slice(first, end).match(/^[|>][-+\d]*[^\n]*\n|^["']/)?.[0].length ?? 0;
    at += first;
    const skip = () => {
      while (at < end && /\s/.test(this.text[at])) at++;
    };
    for (let k = 0; k < Math.min(index, value.length); k++) {
      if (/\s/.test(value[k])) continue;
      skip();
      at++;
    }
    if (index < value.length && !/\s/.test(value[index])) skip();
    return this.#at(Math.min(at, end));
  }
}
