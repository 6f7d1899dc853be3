/** Fields of observables, as their records describe them. */

import { z } from 'zod';
import {
  describedObservable,
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../../simulate/observableRecords.js';
import { grouped, placedOf } from '../../simulate/observe.js';
import { estimate, flag, number } from './fields.js';

/** What an observable's record promises. */
export function observable(name: ObservableName): z.ZodType {
  const { unit, words, isFlag, absent, notComputed } = observableRecord(name);
  const title = describedObservable(name);
  if (words !== undefined) return z.enum(words).meta({ description: title });
  if (isFlag === true) return flag(title);
  const missing = absent ?? notComputed;
  return number(missing === undefined ? title : `${title}; null ${missing}`, unit);
}

type Field = (name: ObservableName) => z.ZodType;

/** Fields of observables, those of a group in an object, and what else is in the group. */
export function observables(
  names: readonly ObservableName[],
  more: Readonly<Record<string, z.ZodRawShape>> = {},
  field: Field = observable,
): z.ZodRawShape {
  const groups = grouped(placedOf(names), ({ name }) => field(name));
  return Object.fromEntries(
    Object.entries(groups).map(([group, members]) => [
      group,
      members instanceof z.ZodType
        ? members
        : z.object({ ...(members as z.ZodRawShape), ...more[group] }),
    ]),
  );
}

/** The same where each of them is there if it was asked for. */
export const named = (names: readonly ObservableName[]): z.ZodRawShape =>
  Object.fromEntries(
    Object.entries(observables(names, {}, (name) => observable(name).optional())).map(
      ([group, field]) => [group, (field as z.ZodType).optional()],
    ),
  );

export const members = (group: string) =>
  OBSERVABLE_NAMES.filter((name) => name.startsWith(`${group}.`));

export const estimated: Field = (name) =>
  estimate(describedObservable(name), observableRecord(name).unit);
