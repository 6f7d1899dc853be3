// Complex numbers in the precision of the variant: vec2f, or vec4f (re.high, re.low, im.high, im.low)
// under the condition df64.

@if(df64) import package::df64;

@if(df64) alias complex = vec4f;
@if(!df64) alias complex = vec2f;

@if(!df64)
fn plus(a: complex, b: complex) -> complex {
  return a + b;
}

@if(!df64)
fn times(a: complex, b: complex) -> complex {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

@if(!df64)
fn times_add(sum: complex, a: complex, b: complex) -> complex {
  return sum + times(a, b);
}

@if(!df64)
fn conjugate(a: complex) -> complex {
  return vec2f(a.x, -a.y);
}

/// What the host sends as (re.high, re.low, im.high, im.low).
@if(!df64)
fn from_host(a: vec4f) -> complex {
  return a.xz;
}

@if(df64)
fn plus(a: complex, b: complex) -> complex {
  return df64::complex_add(a, b);
}

@if(df64)
fn times(a: complex, b: complex) -> complex {
  return df64::complex_multiply(a, b);
}

@if(df64)
fn times_add(sum: complex, a: complex, b: complex) -> complex {
  return df64::complex_multiply_add(sum, a, b);
}

@if(df64)
fn conjugate(a: complex) -> complex {
  return df64::complex_conjugate(a);
}

@if(df64)
fn from_host(a: vec4f) -> complex {
  return a;
}
