/** A thread that searches for the best rectifier, and tells of every device on the way. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import type { AngularDefinition } from '../thermo/rectification.js';
import {
  type RectificationSearch,
  type Sample,
  type SearchBox,
  searchRectification,
} from './rectificationSearch.js';

export interface SearchRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly box: SearchBox;
  readonly alphas: readonly number[];
  readonly definition: AngularDefinition;
}

export type SearchMessage =
  | { readonly samples: readonly Sample[] }
  | { readonly found: RectificationSearch }
  /** An error between threads loses its class. */
  | { readonly failed: { readonly name: string; readonly message: string } };

/** Milliseconds between two messages. */
const MESSAGE_MS = 100;

if (parentPort === null) throw new Error('this module is the entry of a worker thread');
const port = parentPort;
const send = (message: SearchMessage) => port.postMessage(message);
const { parameters, truncation, box, alphas, definition } = workerData as SearchRequest;
let samples: Sample[] = [];
let sent = performance.now();
try {
  const found = searchRectification(
    parameters,
    truncation,
    box,
    alphas,
    definition,
    (_evaluations, sample) => {
      samples.push(sample);
      if (performance.now() - sent < MESSAGE_MS) return;
      send({ samples });
      samples = [];
      sent = performance.now();
    },
  );
  send({ found });
} catch (error) {
  const { name, message } = error as Error;
  send({ failed: { name, message } });
}
