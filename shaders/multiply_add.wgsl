// The most multiply-adds that a device does: what arithmetic is measured against.

import constants::rounds;

@group(0) @binding(0) var<storage, read_write> results: array<vec4f>;

/// Eight chains a thread, so that the latency of one does not hold up the others.
@compute @workgroup_size(64)
fn multiply_add(@builtin(global_invocation_id) id: vec3u) {
  let start = vec4f(f32(id.x)) * vec4f(1e-6, 2e-6, 3e-6, 4e-6);
  var a = start;
  var b = start + 1.0;
  for (var i = 0u; i < rounds; i++) {
    a = a * 0.999 + 0.001;
    b = b * 0.999 + 0.001;
  }
  results[id.x] = a + b;
}
