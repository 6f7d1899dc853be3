import { describe, expect, test } from 'vitest';
import { philox, RandomStream } from '../../src/solve/philox.js';

describe('Philox4x32-10', () => {
  // Known answers of the generator's authors.
  test.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('of %j', (counter, [key0, key1], wanted) => {
    const words = Uint32Array.from(counter);
    philox(words, key0, key1);
    expect(Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(wanted);
  });
});

describe('a random stream', () => {
  const numbers = (seed: number, stream: number, count: number) => {
    const random = new RandomStream(seed, stream);
    return Array.from({ length: count }, () => {
      random.draw();
      return [random.first, random.second];
    }).flat();
  };

  test('is a function of seed and stream, and differs with either', () => {
    expect(numbers(5, 3, 4)).toEqual(numbers(5, 3, 4));
    expect(numbers(5, 3, 4)).not.toEqual(numbers(5, 4, 4));
    expect(numbers(5, 3, 4)).not.toEqual(numbers(6, 3, 4));
    expect(numbers(5, 3, 4)).not.toEqual(numbers(5 + 2 ** 32, 3, 4));
  });

  test('has at its k-th draw the words of counter (k, 0, stream, 0) and key seed, 53 bits each', () => {
    // A seed of more than 32 bits: 0x3039 above, 0x12345678 below.
    const seed = 0x3039 * 2 ** 32 + 0x12345678;
    const found = numbers(seed, 9, 3);
    const wanted = [0, 1, 2].flatMap((k) => {
      const words = Uint32Array.of(k, 0, 9, 0);
      philox(words, 0x12345678, 0x3039);
      return [0, 2].map((at) => {
        const [high, low] = [BigInt(words[at]) >> 5n, BigInt(words[at + 1]) >> 6n];
        // The middle of one of 2⁵³ equal intervals, as far as float64 has it.
        return (Number((high << 26n) | low) + 0.5) / 2 ** 53;
      });
    });
    expect(found).toEqual(wanted);
  });

  test('is uniform in (0, 1): moments of 200,000 numbers within 5 standard errors', () => {
    const all = [0, 1].flatMap((stream) => numbers(1, stream, 50_000));
    for (const u of all) if (!(u > 0 && u < 1)) expect(u).toBeNaN();
    for (const k of [1, 2, 3]) {
      const mean = all.reduce((sum, u) => sum + u ** k, 0) / all.length;
      const variance = 1 / (2 * k + 1) - 1 / (k + 1) ** 2;
      expect(Math.abs(mean - 1 / (k + 1))).toBeLessThan(5 * Math.sqrt(variance / all.length));
    }
  });
});
