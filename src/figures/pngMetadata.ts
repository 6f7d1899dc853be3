/** What a PNG says of itself: how large it prints, and where it comes from. */
import CRC32 from 'crc-32';

const SIGNATURE_LENGTH = 8;
/** Length, type and checksum of the header, which comes first, and its 13 bytes. */
const HEADER_LENGTH = 12 + 13;
const METRES_PER_INCH = 0.0254;

/** Latin-1, in which keywords and plain texts are. */
const latin = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value | 0);
  return bytes;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = joined([latin(type), content]);
  return joined([bigEndian(content.length), body, bigEndian(CRC32.buf(body))]);
}

function physicalSize(dotsPerInch: number): Uint8Array {
  const dotsPerMetre = bigEndian(Math.round(dotsPerInch / METRES_PER_INCH));
  return chunk('pHYs', joined([dotsPerMetre, dotsPerMetre, Uint8Array.of(1)]));
}

/** Uncompressed UTF-8: what is written here has letters that Latin-1 lacks. */
const internationalText = (keyword: string, text: string): Uint8Array =>
  chunk('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));

const plainText = (keyword: string, text: string): Uint8Array =>
  chunk('tEXt', latin(`${keyword}\0${text}`));

/** The texts of a picture's metadata by keyword, such as `Software` and `Description`. */
export type Metadata = Readonly<Record<string, string>>;

const isLatin = (text: string): boolean => /^[\t\n\r -~\u00a0-\u00ff]*$/.test(text);

/** The same picture with its size in print and the given texts. */
export function withMetadata(
  png: Uint8Array,
  dotsPerInch: number,
  metadata: Metadata,
): Uint8Array<ArrayBuffer> {
  const begin = SIGNATURE_LENGTH + HEADER_LENGTH;
  return joined([
    png.subarray(0, begin),
    physicalSize(dotsPerInch),
    ...Object.entries(metadata).map(([keyword, text]) =>
      isLatin(text) ? plainText(keyword, text) : internationalText(keyword, text),
    ),
    png.subarray(begin),
  ]);
}
