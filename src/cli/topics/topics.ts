/** `qmill help TOPIC`: what is about no single command. The texts are loaded where one is asked for. */

interface Topic {
  readonly title: string;
  readonly load: () => Promise<string>;
}

export const topics: Readonly<Record<string, Topic>> = {
  units: {
    title: 'units, and every parameter with its own',
    load: async () => (await import('./parameterTopics.js')).units(),
  },
  conventions: {
    title: 'signs, states, which bath is hot',
    load: async () => (await import('./texts.js')).conventions,
  },
  observables: {
    title: 'every number that is read off a steady state',
    load: async () => (await import('./parameterTopics.js')).observables(),
  },
  models: {
    title: 'the local and the global master equation, and where each holds',
    load: async () => (await import('./parameterTopics.js')).models(),
  },
  'machine-files': {
    title: 'machines that files describe, and --set',
    load: async () => (await import('./texts.js')).machineFiles,
  },
  backends: {
    title: 'what computes: CPU, WebGPU, gpu.js',
    load: async () => (await import('./texts.js')).backends,
  },
  precision: {
    title: 'float32, float64, pairs of float32, and the errors beside numbers',
    load: async () => (await import('./texts.js')).precision,
  },
  stores: {
    title: "a sweep's results: resuming, parts, reading them elsewhere",
    load: async () => (await import('./texts.js')).stores,
  },
  files: {
    title: '--out: JSON, CSV and netCDF',
    load: async () => (await import('./texts.js')).files,
  },
  'exit-codes': {
    title: 'what the exit status says',
    load: async () => (await import('./texts.js')).exitCodes,
  },
};

/** The list under `qmill --help`. */
export function topicList(): string {
  const width = Math.max(...Object.keys(topics).map((name) => name.length)) + 2;
  const lines = Object.entries(topics).map(
    ([name, { title }]) => `  ${name.padEnd(width)}${title}`,
  );
  return `\nTopics, as in qmill help units:\n${lines.join('\n')}`;
}

/** The topic that a command line asks for; null where it asks for none. */
export const topicAsked = (args: readonly string[]): Topic | null =>
  args[0] === 'help' && args.length === 2 && Object.hasOwn(topics, args[1])
    ? topics[args[1]]
    : null;
