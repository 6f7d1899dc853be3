// Quantum trajectories whose state is always in one block of at most two components: one a thread.

const group_size = 64u;

struct Parameters {
  seed: vec2u,
  count: u32,
  /// For how long this dispatch goes on.
  length: f32,
}

/// G = mean + M, M = [[p, b], [c, -p]], M squared = root squared. The phase that mean's imaginary part
/// gives to both components is left out.
struct Block {
  mean: f32,
  root_size: f32,
  root: vec2f,
  square: vec2f,
  p: vec2f,
  b: vec2f,
  c: vec2f,
  /// Its jumps: begin and end.
  jumps: vec2u,
  unused: vec2u,
}

/// One target of a jump operator, with the amplitude from0 psi0 + from1 psi1.
struct Jump {
  from0: vec2f,
  from1: vec2f,
  operator_id: u32,
  /// Twice the block, plus the component in it.
  target_place: u32,
  bath: u32,
  energy: f32,
}

struct State {
  /// Both components.
  psi: vec4f,
  /// What the jumps brought in by bath; then the squared norm at which the next is due.
  energy: vec4f,
  /// Jumps by bath; then the block.
  jumps: vec4u,
  /// Draws so far, the trajectory's number, and the number that chooses the next jump.
  random: vec4u,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> blocks: array<Block>;
@group(0) @binding(2) var<storage, read> jumps: array<Jump>;
@group(0) @binding(3) var<storage, read_write> states: array<State>;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

/// cos x + i sin x to a few units in the last place, which the built-in functions do not promise.
fn cis(x: f32) -> vec2f {
  let quarters = round(x * 0.63661977);
  // Pi/2 in three parts, of which the first times a whole number is exact.
  let r = ((x - quarters * 1.5703125) - quarters * 4.8375129699707031e-4) - quarters * 7.5497899548918e-8;
  let z = r * r;
  let sine = r * (1 - z / 6 * (1 - z / 20 * (1 - z / 42 * (1 - z / 72))));
  let cosine = 1 - z / 2 * (1 - z / 12 * (1 - z / 30 * (1 - z / 56 * (1 - z / 90))));
  switch (i32(quarters) & 3) {
    case 0: { return vec2f(cosine, sine); }
    case 1: { return vec2f(-sine, cosine); }
    case 2: { return vec2f(-cosine, -sine); }
    default: { return vec2f(sine, -cosine); }
  }
}

/// M psi
fn traceless(block: Block, psi: vec4f) -> vec4f {
  return vec4f(
    times(block.p, psi.xy) + times(block.b, psi.zw),
    times(block.c, psi.xy) - times(block.p, psi.zw),
  );
}

/// e^{Gs} psi
fn evolved(block: Block, psi: vec4f, s: f32) -> vec4f {
  let plus = exp((block.mean + block.root.x) * s) * cis(block.root.y * s);
  let minus = exp((block.mean - block.root.x) * s) * cis(-block.root.y * s);
  let even = (plus + minus) / 2;
  // sinh(root s) / root, times e^{mean s}
  var odd = vec2f();
  if (block.root_size * s < 0.2) {
    let z = block.square * (s * s);
    let one = vec2f(1, 0);
    let series = one + times(z / 6, one + times(z / 20, one + z / 42));
    odd = exp(block.mean * s) * s * series;
  } else {
    let conjugate = vec2f(block.root.x, -block.root.y) / (block.root_size * block.root_size);
    odd = times((plus - minus) / 2, conjugate);
  }
  let turned = traceless(block, psi);
  return vec4f(
    times(even, psi.xy) + times(odd, turned.xy),
    times(even, psi.zw) + times(odd, turned.zw),
  );
}

/// -d|psi|^2/ds
fn decay(block: Block, psi: vec4f) -> f32 {
  return -2 * (block.mean * dot(psi, psi) + dot(psi, traceless(block, psi)));
}

/// The upper and the lower 32 bits of a product.
fn product(a: u32, b: u32) -> vec2u {
  let a0 = a & 0xffff; let a1 = a >> 16;
  let b0 = b & 0xffff; let b1 = b >> 16;
  let middle = a1 * b0 + ((a0 * b0) >> 16);
  let carry = a0 * b1 + (middle & 0xffff);
  return vec2u(a1 * b1 + (middle >> 16) + (carry >> 16), a * b);
}

/// Philox4x32-10
fn philox(start: vec4u) -> vec4u {
  var counter = start;
  var key = parameters.seed;
  for (var round = 0; round < 10; round++) {
    let first = product(0xd2511f53, counter.x);
    let second = product(0xcd9e8d57, counter.z);
    counter = vec4u(second.x ^ counter.y ^ key.x, second.y, first.x ^ counter.w ^ key.y, first.y);
    key += vec2u(0x9e3779b9, 0xbb67ae85);
  }
  return counter;
}

/// A number in (0, 1) of 24 bits.
fn uniform_of(word: u32) -> f32 {
  return (f32(word >> 8) + 0.5) / 16777216.0;
}

fn amplitude(jump: Jump, psi: vec4f) -> vec2f {
  return times(jump.from0, psi.xy) + times(jump.from1, psi.zw);
}

fn jumped(before: State) -> State {
  var state = before;
  let range = blocks[state.jumps.w].jumps;
  var total = 0.0;
  for (var j = range.x; j < range.y; j++) {
    let x = amplitude(jumps[j], state.psi);
    total += dot(x, x);
  }
  var rest = uniform_of(state.random.z) * total;
  var chosen = range.x;
  for (var j = range.x; j < range.y; j++) {
    let x = amplitude(jumps[j], state.psi);
    let weight = dot(x, x);
    if (weight == 0) { continue; }
    chosen = j;
    rest -= weight;
    if (rest < 0) { break; }
  }
  var psi = vec4f();
  var gain = 0.0;
  for (var j = range.x; j < range.y; j++) {
    let jump = jumps[j];
    if (jump.operator_id != jumps[chosen].operator_id) { continue; }
    let x = amplitude(jump, state.psi);
    gain += dot(x, x) * jump.energy;
    if ((jump.target_place & 1) == 0) {
      psi = vec4f(x, psi.zw);
    } else {
      psi = vec4f(psi.xy, x);
    }
  }
  let norm = dot(psi, psi);
  let bath = jumps[chosen].bath;
  state.psi = psi / sqrt(norm);
  state.jumps.w = jumps[chosen].target_place >> 1;
  state.jumps[bath] += 1;
  state.energy[bath] += gain / norm;
  let words = philox(vec4u(state.random.x, 0, state.random.y, 0));
  state.random.x += 1;
  state.random.z = words.z;
  state.energy.w = uniform_of(words.x);
  return state;
}

@compute @workgroup_size(group_size)
fn advance(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var n = id.x; n < parameters.count; n += groups.x * group_size) {
    var state = states[n];
    var left = parameters.length;
    while (left > 0) {
      let block = blocks[state.jumps.w];
      let start = state.psi;
      let threshold = state.energy.w;
      let end = evolved(block, start, left);
      if (dot(end, end) > threshold) {
        state.psi = end;
        break;
      }
      // The logarithm of the squared norm is close to a straight line: Newton's steps, in a bracket.
      var low = 0.0;
      var high = left;
      let norm = dot(start, start);
      var s = log(norm / threshold) * norm / decay(block, start);
      for (var k = 0; k < 60; k++) {
        if (!(s > low && s < high)) { s = (low + high) / 2; }
        if (s <= low || s >= high) { break; }
        let psi = evolved(block, start, s);
        let excess = log(dot(psi, psi) / threshold);
        if (abs(excess) < 1e-6) { break; }
        if (excess > 0) { low = s; } else { high = s; }
        s += excess * dot(psi, psi) / decay(block, psi);
      }
      state.psi = evolved(block, start, s);
      left -= s;
      state = jumped(state);
    }
    states[n] = state;
  }
}
