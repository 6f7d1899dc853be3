// Operations on complex vectors: vec2f, or vec4f (re.high, re.low, im.high, im.low) under df64.

@if(df64) import package::df64;

@if(df64) alias complex = vec4f;
@if(!df64) alias complex = vec2f;

const group_size = 256u;

@group(0) @binding(0) var<uniform> factor: vec4f;
@group(0) @binding(1) var<storage, read> x: array<complex>;
@group(0) @binding(2) var<storage, read_write> y: array<complex>;

@if(!df64)
fn add(a: complex, b: complex) -> complex {
  return a + b;
}

@if(!df64)
fn times(a: complex, b: complex) -> complex {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

@if(!df64)
fn conjugated(a: complex) -> complex {
  return vec2f(a.x, -a.y);
}

@if(!df64)
fn scalar() -> complex {
  return factor.xz;
}

@if(df64)
fn add(a: complex, b: complex) -> complex {
  return df64::complex_add(a, b);
}

@if(df64)
fn times(a: complex, b: complex) -> complex {
  return df64::complex_multiply(a, b);
}

@if(df64)
fn conjugated(a: complex) -> complex {
  return df64::complex_conjugate(a);
}

@if(df64)
fn scalar() -> complex {
  return factor;
}

/// y = y + factor x
@compute @workgroup_size(group_size)
fn axpy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * group_size;
  for (var i = id.x; i < arrayLength(&y); i += stride) {
    y[i] = add(y[i], times(scalar(), x[i]));
  }
}

/// y = factor y
@compute @workgroup_size(group_size)
fn scale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * group_size;
  for (var i = id.x; i < arrayLength(&y); i += stride) {
    y[i] = times(scalar(), y[i]);
  }
}

@group(0) @binding(3) var<storage, read> left: array<complex>;
@group(0) @binding(4) var<storage, read_write> partial_sums: array<complex>;

var<workgroup> sums: array<complex, group_size>;

/// One number a workgroup: its share of sum over i of conj(left[i]) x[i].
@compute @workgroup_size(group_size)
fn dot_product(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let stride = groups.x * group_size;
  var sum = complex();
  for (var i = id.x; i < arrayLength(&x); i += stride) {
    sum = add(sum, times(conjugated(left[i]), x[i]));
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = group_size / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      sums[lane] = add(sums[lane], sums[lane + half]);
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    partial_sums[group.x] = sums[0];
  }
}
