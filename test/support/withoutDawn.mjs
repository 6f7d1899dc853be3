/** Preloaded with `node --import`: the package webgpu fails to load, as it does where the C library is too old. */
import { register } from 'node:module';

const module = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
const why = "libc.so.6: version `GLIBC_2.34' not found (required by dawn.node)\nRequire stack:";
const broken = module(
  `throw new Error(${JSON.stringify(why)}); export const create = null; export const globals = null;`,
);
register(
  module(
    `export const resolve = (name, context, next) =>
      name === 'webgpu' ? { url: ${JSON.stringify(broken)}, shortCircuit: true } : next(name, context);`,
  ),
);
