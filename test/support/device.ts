/**
 * A device on the first adapter that `gpu` offers.
 *
 * @throws Error where there is no adapter, which the tests' own configuration rules out.
 */
export async function openDevice(gpu: GPU): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('Dawn found no adapter');
  return adapter.requestDevice();
}
