/** The Zarr v3 codec `crc32c`, which zarrita reads past: four bytes after a chunk, written and verified. */
import CRC32C from 'crc-32/crc32c.js';
import { registry } from 'zarrita';

const BYTES = 4;

/** A chunk that is not what was written. */
class ChecksumError extends Error {
  override readonly name = 'ChecksumError';
}

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function encode(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.byteLength + BYTES);
  bytes.set(content);
  view(bytes).setUint32(content.byteLength, CRC32C.buf(content) >>> 0, true);
  return bytes;
}

function decode(bytes: Uint8Array): Uint8Array {
  const length = bytes.byteLength - BYTES;
  if (length < 0 || !isIntact(bytes, length)) {
    throw new ChecksumError('the checksum does not agree with the content');
  }
  // A copy: typed arrays over it need an aligned start.
  return bytes.slice(0, length);
}

/** Whether a chunk's file holds so many bytes of content, undamaged. */
function isIntact(bytes: Uint8Array, length: number): boolean {
  if (bytes.byteLength !== length + BYTES) return false;
  const content = bytes.subarray(0, length);
  return CRC32C.buf(content) >>> 0 === view(bytes).getUint32(length, true);
}

/** Makes zarrita use the codec, in this process. */
export function registerChecksum(): void {
  const codec = {
    kind: 'bytes_to_bytes' as const,
    encode,
    decode,
    computeEncodedSize: (size: number) => size + BYTES,
  };
  registry.set('crc32c', async () => ({ kind: 'bytes_to_bytes', fromConfig: () => codec }));
}
