/** What can go wrong on a GPU, by type. */

const IN_A_BROWSER = 'this browser offers no WebGPU adapter: choose another backend';
const ON_A_MACHINE =
  'no WebGPU adapter was found: install a Vulkan driver for the GPU and its loader ' +
  "(Debian: libvulkan1 and mesa-vulkan-drivers or NVIDIA's driver), or use --backend cpu";

/** WebGPU offers no adapter on this machine. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
  /** @param reason what is known beyond that there is none */
  constructor(reason = typeof process === 'undefined' ? IN_A_BROWSER : ON_A_MACHINE) {
    super(reason);
  }
}

/** The device went away in mid-use; what was on it is lost. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** An allocation that the device refuses, or that is beyond its limits. */
export class OutOfDeviceMemoryError extends Error {
  override readonly name = 'OutOfDeviceMemoryError';
}

/** A programming error that the device's validation found. */
export class DeviceValidationError extends Error {
  override readonly name = 'DeviceValidationError';
}

/** float64 answers were asked of a device on which no double-float variant is right. */
export class PrecisionError extends Error {
  override readonly name = 'PrecisionError';
}

/** @param adapter its name */
export const withoutDoubleFloat = (adapter: string): PrecisionError =>
  new PrecisionError(
    `precision = f64: no double-float variant is right on ${adapter}; use f32 or the cpu backend`,
  );
