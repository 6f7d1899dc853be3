/** An object whose members are computed when they are first read: not everyone needs what takes long. A copy of it has all. */
export function lazily<T extends object>(
  members: Readonly<{ [K in keyof T]: () => T[K] }>,
): Readonly<T> {
  const object = {} as T;
  for (const [name, compute] of Object.entries<() => unknown>(members)) {
    Object.defineProperty(object, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = compute();
        Object.defineProperty(object, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return object;
}
