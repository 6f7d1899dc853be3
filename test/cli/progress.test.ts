import { afterEach, describe, expect, test, vi } from 'vitest';
import { duration, progressBar, shareBar, timeLeft } from '../../src/cli/progress.js';

test('durations in words, of years where it is hopeless', () => {
  expect([0.2, 59.5, 61, 7300, 200_000, 1e9, 1e40].map(duration)).toEqual([
    '1 s',
    '1 min 00 s',
    '1 min 01 s',
    '2 h 01 min',
    '2 days 7 h',
    '32 years',
    '3.2e+32 years',
  ]);
  expect(timeLeft(0.25, 10)).toBe('30 s left');
  expect([timeLeft(0, 10), timeLeft(Number.NaN, 10)]).toEqual(['', '']);
});

describe('without a terminal', () => {
  const lines: string[] = [];
  let now = 0;
  const prepare = () => {
    lines.length = 0;
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    vi.spyOn(process.stderr, 'isTTY', 'get').mockReturnValue(false);
  };
  afterEach(() => vi.restoreAllMocks());

  test('a count has its rate and the time left', () => {
    Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true });
    prepare();
    const bar = progressBar('points', 100);
    bar.count(20);
    now = 20_000;
    bar.count(60, '1 failed');
    expect(lines).toEqual(['60/100 points, 2/s, 20 s left, 1 failed\n']);
  });

  test('a share of the work too, however small', () => {
    Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true });
    prepare();
    const bar = shareBar('the evolution');
    bar.count(0);
    now = 20_000;
    bar.count(1e-12);
    now = 40_000;
    bar.count(0.5);
    expect(lines).toEqual([
      '0.00 % of the evolution, 630000 years left\n',
      '50.0 % of the evolution, 40 s left\n',
    ]);
  });
});
