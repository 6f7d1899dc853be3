/**
 * Memory of WebAssembly that goes from one computation to the next: to make it, and to touch it first, takes longer than
 * a small computation in it. What is lent holds whatever was left in it.
 */

/** WebAssembly counts memory in pages, and addresses it by 32 bits. */
export const PAGE = 2 ** 16;
export const MOST_PAGES = 2 ** 16;
/** What is kept for the next: 256 MiB, of which a system holds what was ever touched. */
const MOST_KEPT = 2 ** 28;

let spare: WebAssembly.Memory | undefined;

/** @throws {RangeError} where there is not so much */
export function lentMemory(pages: number): WebAssembly.Memory {
  const memory = spare;
  spare = undefined;
  if (memory === undefined) return new WebAssembly.Memory({ initial: pages });
  const lacking = pages - memory.buffer.byteLength / PAGE;
  if (lacking > 0) memory.grow(lacking);
  return memory;
}

export function giveBack(memory: WebAssembly.Memory): void {
  if (memory.buffer.byteLength <= MOST_KEPT) spare = memory;
}
