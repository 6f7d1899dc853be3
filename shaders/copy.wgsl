// The fastest that a kernel copies: what kernels that are bound by memory are measured against.

@if(width4) alias item = vec4f;
@if(width2) alias item = vec2f;
@if(!width4 && !width2) alias item = f32;

const threads = 256u;

@group(0) @binding(0) var<storage, read> x: array<item>;
@group(0) @binding(1) var<storage, read_write> y: array<item>;

/// Four items a thread, written out, each one beside those of the neighbouring threads.
@compute @workgroup_size(threads)
fn copy_items(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = (group.x + group.y * groups.x) * 4 * threads + lane;
  y[i] = x[i];
  y[i + threads] = x[i + threads];
  y[i + 2 * threads] = x[i + 2 * threads];
  y[i + 3 * threads] = x[i + 3 * threads];
}
