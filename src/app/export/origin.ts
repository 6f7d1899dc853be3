/** What every file of the page says of where it comes from. */
import { version } from '../../version.js';
import { type Page, writeHash } from '../state/page.js';

/** Names and values, in the order in which they are written. */
export type Origin = readonly (readonly [string, string])[];

const listed = (fields: object): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/**
 * @param place the address of the page without what is after #
 * @param by what computed, where that is known
 */
export function originOf(page: Page, place: string, by: string): Origin {
  const { view, parameters, truncation, settings } = page;
  const { lmin, lmax, edgeTolerance } = truncation;
  const isOfMachine =
    view === 'machines' || (view === 'fluctuations' && settings.fluctuating === 'machine');
  const device: Origin = isOfMachine
    ? [['machine', settings.yaml === '' ? settings.machine : 'a file of its own, in the address']]
    : view === 'figures'
      ? [['figure', `${settings.figure} of arXiv:2304.08122; its parameters are the paper's`]]
      : [
          ['parameters', listed(parameters)],
          [
            'window',
            lmin === undefined
              ? `chosen, populations at its edges up to ${edgeTolerance}`
              : `lmin=${lmin} lmax=${lmax}`,
          ],
        ];
  return [
    ['program', `quantum-mill ${version}`],
    ...device,
    ...(by === '' ? [] : [['computed by', by] as const]),
    ['address', `${place}${writeHash(page)}`],
  ];
}

export const originText = (origin: Origin): string =>
  origin.map(([name, value]) => `${name}: ${value}`).join('\n');
