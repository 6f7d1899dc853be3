/** Preloaded with `node --import`: the package webgpu fails to load, as it does where the C library is too old. */
import Module from 'node:module';

const why = "libc.so.6: version `GLIBC_2.34' not found (required by dawn.node)\nRequire stack:";
const load = Module._load;
Module._load = (name, ...more) => {
  if (name === 'webgpu') throw new Error(why);
  return load(name, ...more);
};
