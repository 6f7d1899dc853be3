// Block-tridiagonal chains, M = L D U along each from its first site to its last: one thread a chain.
//
// Chains of about the same length make a slice, one workgroup, whose factors are interleaved: what its
// threads read at the same time is one stretch of memory.

import package::complex::{complex, conjugate, times};
import package::chain_blocks::{
  parameters, chains, rows, row_at, invert, block_entries,
};
import constants::width;

const lanes = 32u;

const lower = 0u;
const inverse = 1u;
const upper = 2u;

fn factor_index(site: u32, block: u32, entry: u32, lane: u32) -> u32 {
  return ((site * 3 + block) * block_entries + entry) * lanes + lane;
}

/// Of each site the blocks L S⁻¹ (of the site before), S⁻¹ and S⁻¹ U, row by row.
@group(0) @binding(5) var<storage, read_write> made: array<complex>;
/// 1 for a chain with a pivot that was lost to rounding.
@group(0) @binding(6) var<storage, read_write> singular: array<u32>;

@compute @workgroup_size(lanes)
fn factorise(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let slice = parameters.first_group + group.x + group.y * groups.x;
  let chain = slice * lanes + lane;
  if (slice >= parameters.groups || chain >= arrayLength(&chains)) { return; }
  let start = chains[chain].start;
  let sites = chains[chain].sites;
  var regular = true;
  for (var s = 0u; s < sites; s++) {
    let site = start + s;
    var pivot = array<complex, block_entries>();
    var next = array<complex, block_entries>();
    for (var r = 0u; r < width; r++) {
      let row = row_at(chain, r, s);
      for (var c = 0u; c < width; c++) {
        pivot[r * width + c] = row[width + c];
        next[r * width + c] = row[2 * width + c];
      }
      if (s == 0) { continue; }
      for (var c = 0u; c < width; c++) {
        var multiplier = complex();
        for (var m = 0u; m < width; m++) {
          let e = m * width + c;
          multiplier += times(row[m], made[factor_index(site - 1, inverse, e, lane)]);
          pivot[r * width + c] -= times(row[m], made[factor_index(site - 1, upper, e, lane)]);
        }
        made[factor_index(site, lower, r * width + c, lane)] = multiplier;
      }
    }
    if (!invert(&pivot)) { regular = false; }
    for (var e = 0u; e < block_entries; e++) {
      made[factor_index(site, inverse, e, lane)] = pivot[e];
    }
    for (var r = 0u; r < width; r++) {
      for (var c = 0u; c < width; c++) {
        var sum = complex();
        for (var m = 0u; m < width; m++) {
          sum += times(pivot[r * width + m], next[m * width + c]);
        }
        made[factor_index(site, upper, r * width + c, lane)] = sum;
      }
    }
  }
  if (!regular) { singular[chain] = 1; }
}

@group(0) @binding(3) var<storage, read> factors: array<complex>;
@group(0) @binding(4) var<storage, read> x: array<complex>;
@group(0) @binding(5) var<storage, read_write> y: array<complex>;

fn factor(site: u32, block: u32, row: u32, column: u32, lane: u32) -> complex {
  return factors[factor_index(site, block, row * width + column, lane)];
}

@compute @workgroup_size(lanes)
fn solve(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let slice = parameters.first_group + group.x + group.y * groups.x;
  let chain = slice * lanes + lane;
  if (slice >= parameters.groups || chain >= arrayLength(&chains)) { return; }
  let start = chains[chain].start;
  let sites = chains[chain].sites;
  var offsets = array<i32, width>();
  var mirrors = array<i32, width>();
  var lengths = array<u32, width>();
  for (var r = 0u; r < width; r++) {
    let row = rows[chain * width + r];
    offsets[r] = row.offset;
    mirrors[r] = row.mirror;
    lengths[r] = row.length;
  }
  // From the first site to the last: what remains of the right-hand side, kept where the solution goes.
  var before = array<complex, width>();
  for (var s = 0u; s < sites; s++) {
    var rest = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      if (s >= lengths[r]) { continue; }
      let at = offsets[r] + i32(s);
      var value = x[at];
      if (s > 0) {
        for (var c = 0u; c < width; c++) {
          value -= times(factor(start + s, lower, r, c, lane), before[c]);
        }
      }
      rest[r] = value;
      y[at] = value;
    }
    before = rest;
  }
  // Back.
  var after = array<complex, width>();
  for (var left = sites; left > 0; left--) {
    let s = left - 1;
    var rest = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      if (s < lengths[r]) { rest[r] = y[offsets[r] + i32(s)]; }
    }
    var solution = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      if (s >= lengths[r]) { continue; }
      var value = complex();
      for (var c = 0u; c < width; c++) {
        value += times(factor(start + s, inverse, r, c, lane), rest[c]);
        if (left < sites) { value -= times(factor(start + s, upper, r, c, lane), after[c]); }
      }
      solution[r] = value;
      let at = offsets[r] + i32(s);
      y[at] = value;
      if (mirrors[r] >= 0) { y[mirrors[r] + i32(s)] = conjugate(value); }
    }
    after = solution;
  }
}
