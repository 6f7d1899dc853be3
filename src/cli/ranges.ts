/** Parameters that vary, with or without their ranges. */
import { ParameterError } from '../model/parameters.js';
import type { Range } from '../simulate/search.js';
import { numberIn } from './words.js';

/** `chi,B1=1:20`, each once. @throws {ParameterError} */
export function readRanges(given: readonly string[]): Record<string, Range | undefined> {
  const ranges: Record<string, Range | undefined> = {};
  for (const part of given.flatMap((text) => text.split(','))) {
    const [name, range, ...more] = part.trim().split('=');
    const ends = range?.split(':').map(numberIn);
    if (more.length > 0 || (ends !== undefined && (ends.length !== 2 || ends.some(Number.isNaN)))) {
      throw new ParameterError('over', part, 'NAME or NAME=FROM:TO, with commas between several');
    }
    ranges[name] = ends && { from: ends[0], to: ends[1] };
  }
  return ranges;
}
