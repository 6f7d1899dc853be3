// y = L x, one thread for each element of y: the gather form of the generator's couplings.
//
// A complex number is vec2f, or vec4f (re.high, re.low, im.high, im.low) under the condition df64.

@if(df64) import package::df64;

@if(df64) alias complex = vec4f;
@if(!df64) alias complex = vec2f;

/// A class of y: where it starts, how long it is, and which couplings end in it.
struct TargetClass {
  offset: u32,
  length: u32,
  first_coupling: u32,
  couplings: u32,
}

/// Acts on elements begin <= p < end of its class. Indices are for p = 0 and may lie outside their arrays.
struct Coupling {
  begin: u32,
  end: u32,
  source: i32,
  /// Into the tables; the absent one of two is no_table.
  ket: i32,
  bra: i32,
}

const no_table: i32 = -0x7fffffff;

@group(0) @binding(0) var<storage, read> classes: array<TargetClass>;
@group(0) @binding(1) var<storage, read> couplings: array<Coupling>;
@group(0) @binding(2) var<storage, read> tables: array<complex>;
@group(0) @binding(3) var<storage, read> x: array<complex>;
@group(0) @binding(4) var<storage, read_write> y: array<complex>;

@if(!df64)
fn times(a: complex, b: complex) -> complex {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

@if(!df64)
fn times_add(sum: complex, a: complex, b: complex) -> complex {
  return sum + times(a, b);
}

@if(df64)
fn times(a: complex, b: complex) -> complex {
  return df64::complex_multiply(a, b);
}

@if(df64)
fn times_add(sum: complex, a: complex, b: complex) -> complex {
  return df64::complex_multiply_add(sum, a, b);
}

@compute @workgroup_size(64)
fn apply(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Classes are folded over y and z: a dispatch has at most 65535 groups in each direction.
  let class_index = id.y + id.z * groups.y;
  if (class_index >= arrayLength(&classes)) { return; }
  let class_of_y = classes[class_index];
  let p = id.x;
  if (p >= class_of_y.length) { return; }
  var sum = complex();
  for (var i = 0u; i < class_of_y.couplings; i++) {
    let c = couplings[class_of_y.first_coupling + i];
    if (p < c.begin || p >= c.end) { continue; }
    let at = i32(p);
    let value = x[c.source + at];
    if (c.bra == no_table) {
      sum = times_add(sum, tables[c.ket + at], value);
    } else if (c.ket == no_table) {
      sum = times_add(sum, tables[c.bra + at], value);
    } else {
      sum = times_add(sum, times(tables[c.ket + at], tables[c.bra + at]), value);
    }
  }
  y[class_of_y.offset + p] = sum;
}
