/** A worker for one long computation. To cancel it, the page ends the worker. */
import { expose } from 'comlink';
import { evolutionStudy } from './evolutionStudy.js';
import { figureStudy } from './figureStudy.js';
import { performanceStudy } from './performanceStudy.js';
import { rectificationStudy } from './rectificationStudy.js';

const studies = {
  figure: figureStudy,
  rectification: rectificationStudy,
  evolution: evolutionStudy,
  performance: performanceStudy,
};

export type Studies = typeof studies;

expose(studies);
