/** A few devices from all over what parameters may be; `npm run test:wild` takes a thousand. */
import { expect, test } from 'vitest';
import { compare } from './comparison.js';
import { type WildDevice, wildDevices } from './devices.js';
import { wrongWithoutMark } from './table.js';

const faults = (model: 'local' | 'global') =>
  wrongWithoutMark(wildDevices(model, 24, 20240214).map(compare));

test('wild devices of the local model are right or marked', () => {
  expect(faults('local')).toEqual([]);
});

test('wild devices of the global model are right or marked', () => {
  expect(faults('global')).toEqual([]);
});

const hard: [string, WildDevice][] = [
  [
    'a coherence that its neighbours drive is off by what they are',
    {
      model: 'global',
      values: {
        beta1: 0.001333922478330131,
        beta2: 0.001,
        betaR: 0.4237213976219371,
        B1: 83.01167917228295,
        B2: 93.13999137507457,
        g: 0.0010534542691539677,
        chi: 0.9999504362906918,
        lambda: 0.000547194777262299,
        gamma: 0.002428730663995427,
        I: 29994.59302807264,
        V: 0,
      },
      lmin: -1,
      lmax: 2,
    },
  ],
  [
    'populations lose what a weak interaction’s coherences do',
    {
      model: 'global',
      values: {
        beta1: 0.0014373630264746416,
        beta2: 0.00170093155071196,
        betaR: 0.1844068477696863,
        B1: 0.06962167389880816,
        B2: 0.01,
        g: 1.800974998785022e-5,
        chi: -0.9999596375452273,
        lambda: 3.0260792395895e-9,
        gamma: 0.0034368283676389257,
        I: 150797.75888421212,
        V: 0,
      },
      lmin: -1,
      lmax: 2,
    },
  ],
  [
    'the same under a load as fast as it gets',
    {
      model: 'global',
      values: {
        beta1: 0.001,
        beta2: 0.0018681185231655033,
        betaR: 0.002630014643072627,
        B1: 0.01532665428635843,
        B2: 0.030582221436688206,
        g: 0.0525116173624719,
        chi: 0.9995264990113647,
        lambda: 1.6913246752049625e-7,
        gamma: 100,
        I: 1000000,
        V: 0,
      },
      lmin: -2,
      lmax: 3,
    },
  ],
];

test.each(hard)('%s', (_, device) => {
  expect(wrongWithoutMark([compare(device)])).toEqual([]);
});
