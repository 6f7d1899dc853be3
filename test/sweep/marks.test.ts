/** A mark is of one batch of one sweep, and of every byte of its chunks. */
import { describe, expect, test } from 'vitest';
import {
  checkBatch,
  chunkPath,
  markOf,
  markPath,
  readMark,
  sha256,
  writingOrder,
} from '../../src/sweep/marks.js';
import type { StoreFiles } from '../../src/sweep/storeFiles.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const batch = { index: 4, place: [1, 2], begin: [2, 6], shape: [2, 3] };
const sweep = sha256('a plan');
const chunks = new Map([
  ['heat_Q1', bytes('numbers')],
  ['status', bytes('codes')],
]);
const names = [...chunks.keys()];
const mark = markOf(sweep, batch, chunks);

test('hashes are SHA-256, of text and of bytes', () => {
  // The published digest of "abc".
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(abc);
  expect(sha256(bytes('abc'))).toBe(abc);
});

test('places of marks and chunks', () => {
  expect(markPath(batch)).toBe('/.batches/1.2.json');
  expect(chunkPath('heat_Q1', batch)).toBe('/heat_Q1/c/1/2');
});

describe('a mark', () => {
  test('says of what it is', () => {
    expect(readMark(mark, sweep, batch, names)).toEqual({
      format: 'quantum-mill batch 1',
      sweep,
      place: [1, 2],
      sha256: { heat_Q1: sha256('numbers'), status: sha256('codes') },
    });
    // Of fewer variables too: more may be there.
    expect(readMark(mark, sweep, batch, ['status'])).not.toBeNull();
  });

  test('of another sweep, place or variable is none', () => {
    expect(readMark(mark, sha256('another plan'), batch, names)).toBeNull();
    expect(readMark(mark, sweep, { place: [2, 1] }, names)).toBeNull();
    expect(readMark(mark, sweep, { place: [12] }, names)).toBeNull();
    expect(readMark(mark, sweep, batch, [...names, 'heat_Q2'])).toBeNull();
  });

  test('that is damaged is none', () => {
    const text = new TextDecoder().decode(mark);
    const variants = [
      text.slice(0, -1),
      ` ${text}`,
      text.replace('batch 1', 'batch 2'),
      text.replace('"place":[1,2]', '"place":[1,-2]'),
      text.replace(sha256('codes'), `${sha256('codes')}0`),
      text.replace(sha256('codes'), sha256('codes').slice(1)),
      text.replace(sha256('codes'), sha256('codes').toUpperCase()),
      text.replace('{', '{"more":1,'),
      'null',
      '',
    ];
    for (const variant of variants) {
      expect(readMark(bytes(variant), sweep, batch, names), variant).toBeNull();
    }
  });
});

describe('a batch', () => {
  const whole = new Map<string, Uint8Array>([
    [markPath(batch), mark],
    ...names.map((name): [string, Uint8Array] => [
      chunkPath(name, batch),
      chunks.get(name) as Uint8Array,
    ]),
  ]);
  const check = (change: (files: Map<string, Uint8Array>) => void) => {
    const files = new Map(whole);
    change(files);
    const get = async (path: string) => files.get(path);
    return checkBatch({ get } as unknown as StoreFiles, sweep, batch, names);
  };

  test('is there, absent, or damaged where it is', async () => {
    expect(await check(() => {})).toEqual([]);
    expect(await check((files) => files.delete(markPath(batch)))).toBe('absent');
    expect(await check((files) => files.set(markPath(batch), bytes('?')))).toEqual([
      markPath(batch),
    ]);
    const heat = chunkPath('heat_Q1', batch);
    const status = chunkPath('status', batch);
    expect(await check((files) => files.delete(heat))).toEqual([heat]);
    expect(await check((files) => files.set(status, bytes('Codes')))).toEqual([status]);
    const exchanged = await check((files) => {
      files.set(heat, bytes('codes'));
      files.set(status, bytes('numbers'));
    });
    expect(exchanged).toEqual([heat, status]);
  });
});

test('the status is written last', () => {
  expect(writingOrder(['lmin', 'status', 'path'])).toEqual(['lmin', 'path', 'status']);
});
