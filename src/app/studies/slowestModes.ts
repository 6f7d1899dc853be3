/** The slowest modes of the populations on whichever window, which by layers may take minutes. */
import { neutralModes } from '../../simulate/anyModes.js';
import { DEFAULT_MODES } from '../../simulate/modesCount.js';
import type { SpectralSubject } from '../../simulate/spectralSubject.js';
import { surelySlowest } from '../../spectrum/modes.js';
import { type FoundModes, SEARCHED } from '../fluctuations/protocol.js';
import { type Report, seldom } from './report.js';

/**
 * @param report told how much of the search is done, of SEARCHED in all
 * @throws {WideSectorError} on a wide window where layers come to no answer; {NoSteadyStateError}
 */
export async function slowestModes(
  { system, operators }: SpectralSubject,
  report: Report,
): Promise<FoundModes> {
  const tell = seldom(report);
  const request = { count: DEFAULT_MODES, observables: operators };
  const onSearch = async (share: number) => {
    tell(Math.floor(SEARCHED * share));
    return true;
  };
  const { modes: found } = await neutralModes(system, request, { onSearch });
  return { modes: found.modes, slowest: surelySlowest(found) };
}
