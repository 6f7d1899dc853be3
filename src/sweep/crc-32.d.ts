/** The package's types leave out this entry. */
declare module 'crc-32/crc32c.js' {
  const CRC32C: { buf(bytes: Uint8Array): number };
  export default CRC32C;
}
