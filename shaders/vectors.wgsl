// Operations on complex vectors.

import package::complex::{complex, conjugate, from_host, plus, times, times_add};

@if(subgroups) enable subgroups;

const group_size = 256u;
/// Vectors that one pass over y combines or multiplies with it.
const block = 4u;

struct Parameters {
  /// As (re.high, re.low, im.high, im.low).
  coefficients: array<vec4f, block>,
  /// How many of x0 … x3 there are; bindings beyond repeat the first.
  vectors: u32,
  /// Where this dispatch's partial sums start, and how many there are for each vector.
  first_sum: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x0: array<complex>;
@group(0) @binding(2) var<storage, read> x1: array<complex>;
@group(0) @binding(3) var<storage, read> x2: array<complex>;
@group(0) @binding(4) var<storage, read> x3: array<complex>;
@group(0) @binding(5) var<storage, read_write> y: array<complex>;

/// y = y + sum over k of coefficients[k] xk
@compute @workgroup_size(group_size)
fn add_multiples(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * group_size;
  let c0 = from_host(parameters.coefficients[0]);
  let c1 = from_host(parameters.coefficients[1]);
  let c2 = from_host(parameters.coefficients[2]);
  let c3 = from_host(parameters.coefficients[3]);
  for (var i = id.x; i < arrayLength(&y); i += stride) {
    var sum = times_add(y[i], c0, x0[i]);
    if (parameters.vectors > 1) { sum = times_add(sum, c1, x1[i]); }
    if (parameters.vectors > 2) { sum = times_add(sum, c2, x2[i]); }
    if (parameters.vectors > 3) { sum = times_add(sum, c3, x3[i]); }
    y[i] = sum;
  }
}

@group(0) @binding(1) var<storage, read_write> scaled: array<complex>;

/// y = coefficients[0] y
@compute @workgroup_size(group_size)
fn scale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * group_size;
  let factor = from_host(parameters.coefficients[0]);
  for (var i = id.x; i < arrayLength(&scaled); i += stride) {
    scaled[i] = times(factor, scaled[i]);
  }
}

@group(0) @binding(5) var<storage, read> right: array<complex>;
@group(0) @binding(6) var<storage, read_write> partial_sums: array<complex>;

var<workgroup> sums: array<complex, group_size>;

/// The workgroup's sum of `own`, which arrives in its first thread.
@if(!subgroups)
fn group_sum(own: complex, lane: u32) -> complex {
  sums[lane] = own;
  workgroupBarrier();
  for (var half = group_size / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      sums[lane] = plus(sums[lane], sums[lane + half]);
    }
    workgroupBarrier();
  }
  return sums[0];
}

/// The subgroup's sum of `own`, in each of its threads.
@if(subgroups)
fn subgroup_sum(own: complex, size: u32) -> complex {
  var sum = own;
  for (var half = size / 2u; half > 0u; half /= 2u) {
    sum = plus(sum, subgroupShuffleXor(sum, half));
  }
  return sum;
}

/// The same where subgroups add up by themselves, so that threads wait for each other once.
/// @param lane of the thread in its subgroup, which is one of `subgroups` of a size
@if(subgroups)
fn group_sum(own: complex, lane: u32, subgroup: u32, subgroups: u32, size: u32) -> complex {
  let sum = subgroup_sum(own, size);
  if (lane == 0u) { sums[subgroup] = sum; }
  workgroupBarrier();
  var rest = complex();
  for (var i = lane; i < subgroups; i += size) { rest = plus(rest, sums[i]); }
  return subgroup_sum(rest, size);
}

/// Of each k one number a workgroup: its share of sum over i of conj(xk[i]) right[i].
@compute @workgroup_size(group_size)
fn dot_products(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @if(subgroups) @builtin(subgroup_id) subgroup: u32,
  @if(subgroups) @builtin(num_subgroups) subgroups: u32,
  @if(subgroups) @builtin(subgroup_invocation_id) lane_of_subgroup: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup_size: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let stride = groups.x * group_size;
  let vectors = parameters.vectors;
  var own = array<complex, block>();
  for (var i = id.x; i < arrayLength(&right); i += stride) {
    let value = right[i];
    own[0] = times_add(own[0], conjugate(x0[i]), value);
    if (vectors > 1) { own[1] = times_add(own[1], conjugate(x1[i]), value); }
    if (vectors > 2) { own[2] = times_add(own[2], conjugate(x2[i]), value); }
    if (vectors > 3) { own[3] = times_add(own[3], conjugate(x3[i]), value); }
  }
  for (var k = 0u; k < vectors; k++) {
    @if(!subgroups) let sum = group_sum(own[k], lane);
    @if(subgroups)
    let sum = group_sum(own[k], lane_of_subgroup, subgroup, subgroups, subgroup_size);
    if (lane == 0u) {
      partial_sums[parameters.first_sum + k * groups.x + group.x] = sum;
    }
    workgroupBarrier();
  }
}
