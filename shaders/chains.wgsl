// y = M⁻¹ x for many block-tridiagonal chains whose factors are known: one thread a chain.
//
// Chains of about the same length make a slice, one workgroup, whose data are interleaved: what its
// threads read at the same time is one stretch of memory.

import package::complex::{complex, conjugate, times};
import constants::width;

const lanes = 32u;

/// Where a slice's sites start, counted in sites of all its lanes at once.
@group(0) @binding(0) var<storage, read> starts: array<u32>;
/// Sites of each chain, slice by slice; 0 for a lane without one.
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
/// Of each unknown the element of the vectors, and the one that gets the conjugate; -1 for none.
@group(0) @binding(2) var<storage, read> places: array<vec2i>;
/// Of each site the blocks L S⁻¹ (of the site before), S⁻¹ and S⁻¹ U, row by row.
@group(0) @binding(3) var<storage, read> factors: array<complex>;
@group(0) @binding(4) var<storage, read> x: array<complex>;
@group(0) @binding(5) var<storage, read_write> y: array<complex>;

const lower = 0u;
const inverse = 1u;
const upper = 2u;

fn factor(site: u32, block: u32, row: u32, column: u32, lane: u32) -> complex {
  return factors[(((site * 3 + block) * width + row) * width + column) * lanes + lane];
}

fn place(site: u32, row: u32, lane: u32) -> vec2i {
  return places[(site * width + row) * lanes + lane];
}

@compute @workgroup_size(lanes)
fn solve(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let slice = group.x + group.y * groups.x;
  if (slice >= arrayLength(&starts)) { return; }
  let start = starts[slice];
  let sites = lengths[slice * lanes + lane];
  // From the first site to the last: what remains of the right-hand side, kept where the solution goes.
  var before = array<complex, width>();
  for (var s = 0u; s < sites; s++) {
    var rest = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      let at = place(start + s, r, lane).x;
      var value = complex();
      if (at >= 0) { value = x[at]; }
      if (s > 0) {
        for (var c = 0u; c < width; c++) {
          value -= times(factor(start + s, lower, r, c, lane), before[c]);
        }
      }
      rest[r] = value;
      if (at >= 0) { y[at] = value; }
    }
    before = rest;
  }
  // Back: an unknown without a place is 0 throughout.
  var after = array<complex, width>();
  for (var left = sites; left > 0; left--) {
    let site = start + left - 1;
    var rest = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      let at = place(site, r, lane).x;
      if (at >= 0) { rest[r] = y[at]; }
    }
    var solution = array<complex, width>();
    for (var r = 0u; r < width; r++) {
      var value = complex();
      for (var c = 0u; c < width; c++) {
        value += times(factor(site, inverse, r, c, lane), rest[c]);
        if (left < sites) { value -= times(factor(site, upper, r, c, lane), after[c]); }
      }
      solution[r] = value;
    }
    for (var r = 0u; r < width; r++) {
      let at = place(site, r, lane);
      if (at.x >= 0) { y[at.x] = solution[r]; }
      if (at.y >= 0) { y[at.y] = conjugate(solution[r]); }
    }
    after = solution;
  }
}
