/** Seconds of CPU that this process has used: unlike the clock's, they hardly depend on what else the machine does. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
