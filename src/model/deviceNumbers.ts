/** The numbers of a device, as every master equation reads them, and Ω. */
import { z } from 'zod';
import { type ParameterName, parameterRecords } from './parameterRecords.js';

export type FieldNotes = {
  /** What the number is, for help texts. */
  readonly description: string;
  readonly unit: string;
  /** The values accepted, for error messages. */
  readonly allowed: string;
};

export const notes = (description: string, unit: string, allowed: string): FieldNotes => ({
  description,
  unit,
  allowed,
});

/** A record's schema with what help texts and messages say of it. */
export const numberSchemas = Object.fromEntries(
  Object.entries(parameterRecords).map(([name, { schema, description, unit, allowed }]) => [
    name,
    schema.meta(notes(description, unit, allowed)),
  ]),
) as unknown as {
  readonly [K in ParameterName]: (typeof parameterRecords)[K]['schema'];
};

export const cutoffSchema = z.union([z.enum(['max-bohr', 'max-qubit']), z.number().positive()]);
export type Cutoff = z.output<typeof cutoffSchema>;

/**
 * Ω where none is chosen. The paper takes the largest Bohr frequency, `max-bohr`, which grows with the
 * window of rotor levels: by transitions that hardly happen, of amplitude λ/2|B1 − B2| and less between
 * levels that are hardly occupied. What the baths do is at about 2B1 and 2B2, and those no window moves.
 */
export const CUTOFF_DEFAULT = 'max-qubit' satisfies Cutoff;

/** The parameters of a device but for its master equation. */
export interface DeviceNumbers extends Readonly<Record<ParameterName, number>> {
  readonly cutoff?: Cutoff | undefined;
}
