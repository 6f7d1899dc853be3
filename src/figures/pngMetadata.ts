/** What a PNG says of itself: how large it prints, and where it comes from. */
import { crc32 } from 'node:zlib';

const SIGNATURE_LENGTH = 8;
/** Length, type and checksum of the header, which comes first, and its 13 bytes. */
const HEADER_LENGTH = 12 + 13;
const METRES_PER_INCH = 0.0254;

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function physicalSize(dotsPerInch: number): Buffer {
  const content = Buffer.alloc(9);
  const dotsPerMetre = Math.round(dotsPerInch / METRES_PER_INCH);
  content.writeUInt32BE(dotsPerMetre, 0);
  content.writeUInt32BE(dotsPerMetre, 4);
  content.writeUInt8(1, 8);
  return chunk('pHYs', content);
}

/** Uncompressed UTF-8: what is written here has letters that Latin-1 lacks. */
const internationalText = (keyword: string, text: string): Buffer =>
  chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8'));

const plainText = (keyword: string, text: string): Buffer =>
  chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));

/** The texts of a picture's metadata by keyword, such as `Software` and `Description`. */
export type Metadata = Readonly<Record<string, string>>;

const isLatin = (text: string): boolean => /^[\t\n\r -~\u00a0-\u00ff]*$/.test(text);

/** The same picture with its size in print and the given texts. */
export function withMetadata(png: Uint8Array, dotsPerInch: number, metadata: Metadata): Uint8Array {
  const begin = SIGNATURE_LENGTH + HEADER_LENGTH;
  return Buffer.concat([
    png.subarray(0, begin),
    physicalSize(dotsPerInch),
    ...Object.entries(metadata).map(([keyword, text]) =>
      isLatin(text) ? plainText(keyword, text) : internationalText(keyword, text),
    ),
    png.subarray(begin),
  ]);
}
