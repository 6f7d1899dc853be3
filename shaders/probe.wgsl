// The operations of df64.wgsl on given operands; the host holds the results against exact ones.

import package::df64;
import constants::chain_length;

/// Three complex numbers a case (operations), or two a step (accumulation).
@group(0) @binding(0) var<storage, read> operands: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;

/// Of each case a, b, c the real operations on the real parts of a and b, and the complex ones.
@compute @workgroup_size(64)
fn operations(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (3 * i >= arrayLength(&operands)) { return; }
  let a = operands[3 * i];
  let b = operands[3 * i + 1];
  let c = operands[3 * i + 2];
  let magnitude = select(a.xy, -a.xy, a.x < 0.0);
  results[6 * i] = vec4f(df64::add(a.xy, b.xy), df64::subtract(a.xy, b.xy));
  results[6 * i + 1] = vec4f(df64::multiply(a.xy, b.xy), df64::multiply_f32(a.xy, b.x));
  results[6 * i + 2] = vec4f(df64::divide(a.xy, b.xy), df64::square_root(magnitude));
  let product = df64::complex_multiply(a, b);
  results[6 * i + 3] = product;
  // As complex_multiply_add has it; to multiply once more would double what is to be compiled.
  results[6 * i + 4] = df64::complex_add(c, product);
  results[6 * i + 5] = df64::complex_multiply_real(c, a.xy);
}

/// One long sum of products a chain, as in a dot product.
@compute @workgroup_size(64)
fn accumulation(@builtin(global_invocation_id) id: vec3u) {
  let chain = id.x;
  if (2 * chain * chain_length >= arrayLength(&operands)) { return; }
  var sum = vec4f();
  for (var step = chain * chain_length; step < (chain + 1) * chain_length; step++) {
    sum = df64::complex_multiply_add(sum, operands[2 * step], operands[2 * step + 1]);
  }
  results[chain] = sum;
}
