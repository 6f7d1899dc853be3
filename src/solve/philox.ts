/**
 * Philox4x32-10, a counter-based random number generator (Salmon, Moraes, Dror and Shaw, 2011): the numbers
 * of (seed, stream, draw) are a function of these three alone, in whatever order and wherever they are drawn.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of a 32×32-bit product. */
function high(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Four 32-bit words of four counter and two key words, in place of the counter. */
export function philox(counter: Uint32Array, key0: number, key1: number): void {
  let [k0, k1] = [key0, key1];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = high(MULTIPLIER_0, counter[0]);
    const low0 = Math.imul(MULTIPLIER_0, counter[0]);
    const high1 = high(MULTIPLIER_1, counter[2]);
    const low1 = Math.imul(MULTIPLIER_1, counter[2]);
    counter[0] = high1 ^ counter[1] ^ k0;
    counter[1] = low1;
    counter[2] = high0 ^ counter[3] ^ k1;
    counter[3] = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
}

/** The random numbers of one stream, two at each draw. */
export class RandomStream {
  private readonly words = new Uint32Array(4);
  private draws = 0;
  /** Uniform in (0, 1), with 53 bits. */
  first = 0;
  second = 0;

  /**
   * @param seed a whole number from 0 to 2⁵³ − 1
   * @param stream a whole number from 0 to 2³² − 1
   */
  constructor(
    private readonly seed: number,
    private readonly stream: number,
  ) {}

  /** Draws the next two numbers into `first` and `second`. */
  draw(): void {
    const { words } = this;
    words[0] = this.draws >>> 0;
    words[1] = Math.floor(this.draws / 2 ** 32);
    words[2] = this.stream;
    words[3] = 0;
    this.draws++;
    philox(words, this.seed >>> 0, Math.floor(this.seed / 2 ** 32));
    this.first = uniform(words[0], words[1]);
    this.second = uniform(words[2], words[3]);
  }
}

const uniform = (a: number, b: number): number => ((a >>> 5) * 2 ** 26 + (b >>> 6) + 0.5) / 2 ** 53;
