// y = L x, in the gather form of the generator's couplings: each element of y is written once.

import package::complex::{complex, plus, times, times_add};

/// A class of y, by what follows the class before it.
struct TargetClass {
  end: u32,
  first_coupling: u32,
  couplings: u32,
}

/// Acts on elements begin <= i < end of y. Indices are for i = 0 and may lie outside their arrays.
struct Coupling {
  begin: i32,
  end: i32,
  source: i32,
  kind: i32,
  first: i32,
  second: i32,
}

const product_of_tables = 1;
const sum_of_tables = 2;

struct Parameters {
  first_tile: u32,
  tiles: u32,
  /// 1 to add to y, 0 to overwrite it.
  accumulate: u32,
  /// Of this part of y that belong to the space.
  elements: u32,
}

const threads = 64u;

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> classes: array<TargetClass>;
/// Of each tile of `threads` elements, the class of its first.
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> couplings: array<Coupling>;
@group(0) @binding(4) var<storage, read> tables: array<complex>;
@group(0) @binding(5) var<storage, read> x: array<complex>;
@group(0) @binding(6) var<storage, read_write> y: array<complex>;

@compute @workgroup_size(threads)
fn apply(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Groups are folded over x and y: a dispatch has at most 65535 in each direction.
  let place = group.x + group.y * groups.x;
  if (place >= parameters.tiles) { return; }
  let tile = parameters.first_tile + place;
  let i = threads * tile + lane;
  if (i >= parameters.elements) { return; }
  var at = tiles[tile];
  while (i >= classes[at].end) { at++; }
  let target_class = classes[at];
  let p = i32(i);
  var sum = complex();
  for (var k = 0u; k < target_class.couplings; k++) {
    let c = couplings[target_class.first_coupling + k];
    // Without || there is no branch to find the condition of this one.
    if ((p < c.begin) | (p >= c.end)) { continue; }
    var coefficient = tables[c.first + p];
    if (c.kind == product_of_tables) {
      coefficient = times(coefficient, tables[c.second + p]);
    } else if (c.kind == sum_of_tables) {
      coefficient = plus(coefficient, tables[c.second + p]);
    }
    sum = times_add(sum, coefficient, x[c.source + p]);
  }
  if (parameters.accumulate == 1) { sum = plus(y[i], sum); }
  y[i] = sum;
}
