/** A worker for one long computation. To cancel it, the page ends the worker. */
import { expose } from 'comlink';
import { evolutionStudy } from './evolutionStudy.js';
import { figureStudy } from './figureStudy.js';
import { rectificationStudy } from './rectificationStudy.js';

const studies = {
  figure: figureStudy,
  rectification: rectificationStudy,
  evolution: evolutionStudy,
};

export type Studies = typeof studies;

expose(studies);
