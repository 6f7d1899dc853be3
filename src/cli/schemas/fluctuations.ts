/** What `fluctuations` and `sensitivity` print. */
import { z } from 'zod';
import { backend, complete, device, edges, fluctuationSolver, machine } from './common.js';
import { byName, complexNumber, number, numbers, rows } from './fields.js';

const notes = z.array(z.string()).meta({
  description: 'why numbers are not there, or what they are in this model',
});

const noiseAtFrequencies = rows(
  z.object({
    omega: number('angular frequency', '1/time'),
    noise: byName('∫ e^(−iωτ) ⟨δI(τ)δI⟩ dτ of each current', '1/time'),
    covariances: z
      .record(z.string(), z.object(complexNumber))
      .meta({ description: 'the same of two currents, as a_b' }),
    heatNoise: byName('the same of the heat from each bath', 'energy^2/time'),
    errors: z.object({
      noise: byName('of the noise', '1/time'),
      covariances: byName('of the covariances', '1/time'),
      heatNoise: byName('of the noise of heat', 'energy^2/time'),
    }),
  }),
  'frequency',
);

const deviation = {
  scgf: number('θ(χ): the mean of e^(χN) grows as e^(θt)', '1/time'),
  error: number('what may have been lost of it', '1/time'),
  rate: number('χθ′ − θ: the probability of that current falls as e^(−rate·t)', '1/time'),
};

const deviationsOf = (description: string) =>
  z
    .record(
      z.string(),
      rows(
        z.object({
          chi: number('counting field'),
          ...deviation,
          current: number('θ′(χ)', '1/time'),
        }),
        'field',
      ),
    )
    .meta({ description });

const jointDeviations = z
  .record(
    z.string(),
    rows(
      z.object({
        chi: numbers('counting fields', 'counter'),
        ...deviation,
        current: numbers('derivatives of θ by them', 'counter'),
      }),
      'pair of fields',
    ),
  )
  .meta({ description: 'of two that are counted together, as a_b' });

const waitingTimes = z.object({
  jumps: z.array(z.string()).meta({ description: 'baths, with :in or :out where not all jumps' }),
  rate: number('these jumps by time', '1/time'),
  mean: number('time from one to the next: 1 by the rate; null where there are none', 'time'),
  variance: number('of that time', 'time²'),
  error: number('how far mean · rate is from 1'),
  distribution: rows(
    z.object({
      tau: number('time from one to the next', 'time'),
      density: number('its probability by time', '1/time'),
      error: number('what may have been lost of it', '1/time'),
    }),
    'time',
  ),
});

const fluctuationNumbers = {
  noiseSpectrum: noiseAtFrequencies.optional(),
  largeDeviations: deviationsOf('of each current').optional(),
  heatLargeDeviations: deviationsOf('of the heat from a bath, fields in 1/energy').optional(),
  jointLargeDeviations: jointDeviations.optional(),
  waitingTimes: waitingTimes.optional(),
  currents: byName('quanta that each bath brings into the machine by time', '1/time'),
  noise: byName('zero-frequency noise of each current, and covariances of two, as a_b', '1/time'),
  heat: byName('heat flow from each bath', 'energy/time'),
  heatNoise: byName('zero-frequency noise of the heat from each bath', 'energy^2/time'),
  entropyProduction: byName(
    'by each bath (Spohn); their sum; clausius: −Σ βQ; null where it is infinite or not known',
    '1/time',
  ),
  entropy: z.object({ total: number('−Tr ρ ln ρ of the whole state') }),
  activity: byName('jumps of each bath by time; their sum', '1/time'),
  cumulants: z
    .record(z.string(), numbers('from the first, the mean, on', 'order'))
    .meta({ description: 'of each current, by time' }),
  heatCumulants: z
    .record(z.string(), numbers('from the first, the mean, on', 'order'))
    .meta({ description: 'of the heat from each bath, by time; with more than two' })
    .optional(),
  errors: z
    .object({
      currents: byName('of the currents', '1/time'),
      noise: byName('of the noise', '1/time'),
      heat: byName('of the heat flows', 'energy/time'),
      heatNoise: byName('of their noise', 'energy^2/time'),
      entropyProduction: byName('of the entropy productions', '1/time'),
    })
    .meta({ description: 'what may have been lost of each number, absolutely' }),
  notes,
};

const CURRENTS = { N1: 'N1', N2: 'N2', L: 'loadAngularMomentum' };

const ofEachCurrent = (key: string, before: string, after: string) =>
  Object.fromEntries(
    Object.entries(CURRENTS).map(([short, current]) => [
      `${key}_${short}`,
      number(`${before} ${current} ${after}`).optional(),
    ]),
  );

const solved = { backend, solver: fluctuationSolver, truncation: edges, complete };

export const fluctuationsOf = z.object({
  ...device,
  ...solved,
  ...fluctuationNumbers,
  ...ofEachCurrent('fano', 'noise of', 'by its |current|'),
  ...ofEachCurrent('TUR', 'noise of', '· entropy production/current²; classically at least 2'),
  ...ofEachCurrent('KUR', 'noise of', '· jumps/current²; classically at least 1'),
});

export const machineFluctuations = z.object({
  ...machine,
  ...solved,
  ...fluctuationNumbers,
  fano: byName('noise of each current by its magnitude'),
  TUR: byName('noise · entropy production/current²; classically at least 2'),
  KUR: byName('noise · jumps/current²; classically at least 1'),
});

/** @param of what it is of: the device, or a machine */
export const sensitivityOf = <Of extends z.ZodRawShape>(of: Of) =>
  z.object({
    ...of,
    ...solved,
    values: byName('of the observables'),
    derivatives: z.record(z.string(), byName('by parameter; null where there is none')),
    elasticities: z.record(
      z.string(),
      byName('(θ/O) dO/dθ by parameter; null where the observable is not known apart from 0'),
    ),
    quantumFisherInformation: byName(
      'of the state about each parameter, whose variance no measurement brings below its inverse; null where nothing has a derivative by it, or where without a conserved charge that counts levels ρ has more than 320 rows',
    ),
    errors: z
      .object({
        quantumFisherInformation: byName('of the Fisher information'),
        values: byName('of the observables'),
        derivatives: z.record(z.string(), byName('of the derivatives')),
      })
      .meta({ description: 'what may have been lost of each number, absolutely' }),
    notes,
  });
