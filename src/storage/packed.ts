/** Plain data with long lists of numbers as one line of JSON and float64 after it, number for number. */
import { endianness } from 'node:os';

/** Lists of numbers from this length on are packed. */
const PACKED = 8;

/** What stands in the JSON for numbers elsewhere: in the float64 part, or as a word. */
interface Placeholder {
  readonly $: 'float64' | 'numbers' | 'NaN' | 'Infinity' | '-Infinity';
  /** Of a list: how many. */
  readonly n?: number;
}

const isPlaceholder = (value: unknown): value is Placeholder =>
  typeof value === 'object' && value !== null && '$' in value;

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length >= PACKED && value.every((x) => typeof x === 'number');

/** float64 in memory as on disk: little-endian. */
function littleEndian(bytes: Uint8Array): Uint8Array {
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap64();
}

const bytesOf = (numbers: Float64Array): Uint8Array =>
  littleEndian(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));

/** The JSON of a value, and the numbers that it refers to, in order. */
export function pack(value: unknown): { readonly json: string; readonly parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  const place = ($: Placeholder['$'], numbers: Float64Array): Placeholder => {
    parts.push(bytesOf(numbers));
    return { $, n: numbers.length };
  };
  const visit = (inner: unknown): unknown => {
    if (inner instanceof Float64Array) return place('float64', inner);
    if (isNumbers(inner)) return place('numbers', Float64Array.from(inner));
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner === 'number' && !Number.isFinite(inner)) return { $: String(inner) };
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, part]) => [key, visit(part)]));
  };
  return { json: JSON.stringify(visit(value)), parts };
}

/**
 * The value that was packed.
 * @param bytes what the parts were, one after the other
 * @throws {SyntaxError} where the two do not belong together
 */
export function unpack(json: string, bytes: Uint8Array): unknown {
  let at = 0;
  const take = (n: unknown): Float64Array => {
    if (!Number.isSafeInteger(n) || (n as number) < 0 || at + 8 * (n as number) > bytes.length) {
      throw new SyntaxError('numbers are missing');
    }
    const numbers = new Float64Array(n as number);
    const length = 8 * (n as number);
    new Uint8Array(numbers.buffer).set(littleEndian(bytes.subarray(at, at + length)));
    at += length;
    return numbers;
  };
  const visit = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(visit);
    if (isPlaceholder(inner)) {
      if (inner.$ === 'float64') return take(inner.n);
      if (inner.$ === 'numbers') return Array.from(take(inner.n));
      return Number(inner.$);
    }
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, part]) => [key, visit(part)]));
  };
  const value = visit(JSON.parse(json));
  if (at !== bytes.length) throw new SyntaxError('there are numbers left');
  return value;
}
