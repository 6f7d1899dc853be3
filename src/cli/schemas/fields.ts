/** The kinds of fields that schemas of outputs are made of: numbers with units, tables, words. */

import { z } from 'zod';
import { type RunName, runRecords } from '../runRecords.js';
import { unitInText } from '../words.js';

const withUnit = (unit: string) => (unit === '' || unit === '1' ? {} : { unit: unitInText(unit) });

/** A number with its description and unit. */
export const number = (description: string, unit = '1') =>
  z
    .number()
    .nullable()
    .meta({ description, ...withUnit(unit) });

/** A list of objects, as rows of a table along a dimension. */
export const rows = <T extends z.ZodType>(row: T, along: string) => z.array(row).meta({ along });

/** A number that runs report beside the observables. */
export const ofRun = (name: RunName) => number(runRecords[name].description, runRecords[name].unit);

export const text = (description: string) => z.string().meta({ description });

export const flag = (description: string) => z.boolean().meta({ description });

export const whole = (description: string) => z.int().meta({ description });

/** Numbers along a dimension: `l` of rotor levels, `angle`, or `qubits` of 00, 01, 10 and 11. */
export const numbers = (description: string, along: string) =>
  z.array(z.number().nullable()).meta({ description, along });

/** A mean over trajectories and its errors. */
export const estimate = (description: string, unit = '1') =>
  z
    .object({
      mean: number('mean over the trajectories', unit),
      error: number(
        'its error bar, which reckons with one trajectory more; null of a single trajectory',
        unit,
      ),
      standardError: number('of the sample alone; null of a single trajectory', unit),
    })
    .meta({ description });

/** A number of each of the machine's own things, by name. */
export const byName = (description: string, unit = '1') =>
  z.record(z.string(), z.number().nullable().meta(withUnit(unit))).meta({ description });

export const complexNumber = { re: number('real part'), im: number('imaginary part') };

export const complex = (description: string) => z.object(complexNumber).meta({ description });

export const knownComplex = (description: string) =>
  z
    .object({ ...complexNumber, error: number('what may have been lost of it, absolutely') })
    .meta({ description });

export const two = (description: string) => z.array(z.string()).length(2).meta({ description });
