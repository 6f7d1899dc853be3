/** A device as a rectifier, and the best of its family. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import {
  type RectificationSearch,
  type SearchBox,
  type Searched,
  searchRectification,
} from '../../simulate/rectificationSearch.js';
import {
  angular,
  bothDirections,
  type DirectionPair,
  heat,
  withCutoffSettled,
} from '../../simulate/rectify.js';
import { defaultRange } from '../../simulate/search.js';
import type { AngularDefinition, Rectification } from '../../thermo/rectification.js';
import { type Report, seldom } from './report.js';

export interface RectificationRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly over: readonly Searched[];
  readonly alpha: number;
  readonly definition: AngularDefinition;
}

export interface RectificationResult {
  readonly request: RectificationRequest;
  readonly pair: DirectionPair;
  readonly heat: Rectification;
  readonly angular: Rectification;
  readonly box: SearchBox;
  readonly search: RectificationSearch;
  readonly seconds: number;
}

export function rectificationStudy(
  request: RectificationRequest,
  report: Report,
): RectificationResult {
  const { parameters, truncation, over, alpha, definition } = request;
  const begin = performance.now();
  const settled = withCutoffSettled(parameters, truncation);
  const pair = bothDirections(settled, truncation);
  const box = Object.fromEntries(over.map((name) => [name, defaultRange(name, parameters)]));
  const search = searchRectification(
    parameters,
    truncation,
    box,
    [alpha],
    definition,
    seldom(report),
  );
  return {
    request,
    pair,
    heat: heat(pair, settled),
    angular: angular(pair, definition),
    box,
    search,
    seconds: (performance.now() - begin) / 1e3,
  };
}
