/** What depends on an object alone. */
import { lasting } from './zeros.js';

/** Makes it once for each object, and keeps it as long as that is there. */
export function perObject<K extends object, T>(make: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, T>();
  return (of) => {
    let found = known.get(of);
    if (found === undefined) {
      found = lasting(() => make(of));
      known.set(of, found);
    }
    return found;
  };
}
