// What a system's folder for caches is called, it knows on each.
import envPaths from 'env-paths';

/** The folder that QMILL_CACHE names, or the system's own for what may be lost. */
export const cacheFolder = (): string =>
  process.env.QMILL_CACHE ?? envPaths('quantum-mill', { suffix: '' }).cache;
