/** Colours that mean something are told apart by everyone, and on paper. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { operationColours } from '../../src/app/map/paint.js';

type Three = readonly [number, number, number];

const linear = (byte: number): number => {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const read = (hex: string): Three =>
  [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16))) as unknown as Three;
const times = (matrix: readonly Three[], [r, g, b]: Three): Three =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Three;

/** CIE L*a*b* of linear sRGB, white D65. */
function lab(rgb: Three): Three {
  const xyz = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    rgb,
  );
  const f = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const [x, y, z] = [xyz[0] / 0.95047, xyz[1], xyz[2] / 1.08883].map(f);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Three, b: Three): number => Math.hypot(...a.map((x, i) => x - b[i]));

/** Machado, Oliveira and Fernandes (2009), complete loss of one kind of cone, on linear sRGB. */
const sights: Readonly<Record<string, readonly Three[]>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const pairs = Object.entries(operationColours).flatMap(([a, first], i, all) =>
  all.slice(i + 1).map(([b, second]) => [a, b, first, second] as const),
);

describe('the colours of operations', () => {
  test.each(pairs)('%s and %s differ in grey', (_, __, a, b) => {
    expect(Math.abs(lab(read(a))[0] - lab(read(b))[0])).toBeGreaterThan(15);
  });

  test.each(Object.keys(sights))('are told apart by a %s', (sight) => {
    const seen = (hex: string) => lab(times(sights[sight], read(hex)));
    for (const [a, b, first, second] of pairs) {
      expect(distance(seen(first), seen(second)), `${a}, ${b}`).toBeGreaterThan(20);
    }
  });
});

describe('the tokens of the style sheet', () => {
  const css = readFileSync(new URL('../../src/app/styles/base.css', import.meta.url), 'utf8');
  const tokens = (selector: string): Readonly<Record<string, string>> => {
    const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0];
    return Object.fromEntries(
      [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
    );
  };
  const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], read(hex))[0];
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  test('each is one thing: a size, a space or a colour', () => {
    const blocks = [...css.matchAll(/^(\S[^{]*) \{([^}]*)\}/gm)].filter(([, at]) =>
      /^(html|:root)$/.test(at),
    );
    const names = blocks.flatMap(([, , block]) =>
      [...block.matchAll(/--([\w-]+):/g)].map(([, n]) => n),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(names).toEqual([...new Set(names)]);
    const styles = new URL('../../src/app/styles/', import.meta.url);
    const all = readdirSync(styles).map((name) => readFileSync(new URL(name, styles), 'utf8'));
    expect(all.length).toBeGreaterThan(5);
    const used = [...all.join('').matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each([':root', ':root[data-appearance="dark"]'])('%s', (selector) => {
    const t = tokens(selector);
    for (const ground of [t.card, t.page]) {
      expect(contrast(t.control, ground)).toBeGreaterThanOrEqual(3);
      expect(contrast(t.accent, ground)).toBeGreaterThanOrEqual(3);
      for (const text of [t.text, t.muted, t.good, t.warning]) {
        expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(t['accent-text'], t.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t.warning, t['warning-page'])).toBeGreaterThanOrEqual(4.5);
  });
});
