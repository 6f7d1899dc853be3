// Between vectors in double-float and vectors in float32 of the same length.

import package::df64;

struct Parameters {
  factor: vec2f,
  /// Where the elements of this dispatch start in either buffer, and how many there are.
  first_wide: u32,
  first_narrow: u32,
  count: u32,
}

const group_size = 256u;

@group(0) @binding(0) var<uniform> parameters: Parameters;

@group(0) @binding(1) var<storage, read> wide: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> rounded: array<vec2f>;

/// rounded = factor wide
@compute @workgroup_size(group_size)
fn narrow(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < parameters.count; i += groups.x * group_size) {
    let value = df64::complex_multiply_real(wide[parameters.first_wide + i], parameters.factor);
    rounded[parameters.first_narrow + i] = value.xz;
  }
}

@group(0) @binding(1) var<storage, read> added: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> sum: array<vec4f>;

/// sum = sum + factor added
@compute @workgroup_size(group_size)
fn accumulate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < parameters.count; i += groups.x * group_size) {
    let value = added[parameters.first_narrow + i];
    let term = vec4f(
      df64::multiply_f32(parameters.factor, value.x),
      df64::multiply_f32(parameters.factor, value.y),
    );
    sum[parameters.first_wide + i] = df64::complex_add(sum[parameters.first_wide + i], term);
  }
}
