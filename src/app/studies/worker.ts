/** A worker for one long computation. To cancel it, the page ends the worker. */
import { expose } from 'comlink';
import { figureStudy } from './figureStudy.js';

const studies = { figure: figureStudy };

export type Studies = typeof studies;

expose(studies);
