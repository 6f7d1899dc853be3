/*
 * What one core can do: steady states of the zero-charge sector of the local model, one after the other, in plain C.
 * The study compiles it where there is a compiler, and holds our times against it.
 *
 * Level by level the six unknowns of a level (a coherence and four populations) are eliminated from its own equations
 * and from the next level's. A population's pivot is the sum of the rates to those not yet eliminated, which conserves
 * probability without a subtraction (Grassmann, Taksar, Heyman, doi:10.1287/opre.33.5.1107).
 *
 * Usage: sector N lmin points runs first step beta1 betaR B1 B2 g chi lambda gamma I
 * solves for beta2 = first, first + step, … and prints, as JSON, the seconds of each run of all points and, of the
 * first and the last point, <L_z>, <L_z^2>, Q1, Q2 and Qr.
 */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RE, IM, P00, P01, P10, P11, UNKNOWNS };
#define WIDTH (2 * UNKNOWNS)
#define MOST_LEVELS 4096

struct device {
  double beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I;
};

struct answer {
  double lz, lz2, q1, q2, qr;
};

/* Of each level its eliminated equations: x_v is the product of row v with what comes after v. */
static double factors[MOST_LEVELS][UNKNOWNS][WIDTH];
static double state[MOST_LEVELS + 1][UNKNOWNS];
/* Amplitudes of the load's jumps from each level, up and down; 0 out of the window. */
static double up_from[MOST_LEVELS + 1], down_from[MOST_LEVELS + 1];

struct rates {
  double up1, down1, up2, down2;
};

static struct rates thermal(const struct device *d) {
  double g1 = d->g * (1 - d->chi), g2 = d->g * (1 + d->chi);
  double n1 = 1 / expm1(2 * d->beta1 * d->B1), n2 = 1 / expm1(2 * d->beta2 * d->B2);
  return (struct rates){g1 * g1 * n1, g1 * g1 * (n1 + 1), g2 * g2 * n2, g2 * g2 * (n2 + 1)};
}

/* A level's equations in its own unknowns. */
static void own_part(double (*rows)[WIDTH], int at, const struct device *d, const struct rates *r, int s, int levels,
                     int lmin) {
  double lost = up_from[s] * up_from[s] + down_from[s] * down_from[s];
  for (int v = P00; v <= P11; v++) rows[v][at + v] -= lost;
  rows[P00][at + P00] -= r->up1 + r->up2;
  rows[P00][at + P01] += r->down2;
  rows[P00][at + P10] += r->down1;
  rows[P01][at + P00] += r->up2;
  rows[P01][at + P01] -= r->up1 + r->down2;
  rows[P01][at + P11] += r->down1;
  rows[P10][at + P00] += r->up1;
  rows[P10][at + P10] -= r->down1 + r->up2;
  rows[P10][at + P11] += r->down2;
  rows[P11][at + P01] += r->up1;
  rows[P11][at + P10] += r->up2;
  rows[P11][at + P11] -= r->down1 + r->down2;
  if (s == levels - 1) {
    /* There is no level above, and so no coherence with it. */
    rows[RE][at + RE] = rows[IM][at + IM] = -1;
    return;
  }
  double above = up_from[s + 1] * up_from[s + 1] + down_from[s + 1] * down_from[s + 1];
  double decay = 0.5 * (r->up1 + r->down1 + r->up2 + r->down2 + lost + above);
  double detuning = 2 * (d->B1 - d->B2) + (2 * (lmin + s) + 1) / (2 * d->I);
  rows[RE][at + RE] -= decay;
  rows[RE][at + IM] += detuning;
  rows[IM][at + RE] -= detuning;
  rows[IM][at + IM] -= decay;
  rows[IM][at + P01] -= d->lambda;
  rows[P01][at + IM] += 2 * d->lambda;
}

/* The equations of level s in the unknowns of level s + 1, and the other way round. */
static void coupling(double (*rows)[WIDTH], double (*next)[WIDTH], const struct device *d, int s, int levels) {
  double down = down_from[s + 1] * down_from[s + 1], up = up_from[s] * up_from[s];
  for (int v = P00; v <= P11; v++) {
    rows[v][UNKNOWNS + v] += down;
    next[v][v] += up;
  }
  rows[IM][UNKNOWNS + P10] += d->lambda;
  next[P10][IM] -= 2 * d->lambda;
  if (s + 2 >= levels) return;
  for (int v = RE; v <= IM; v++) {
    rows[v][UNKNOWNS + v] += down_from[s + 2] * down_from[s + 1];
    next[v][v] += up_from[s + 1] * up_from[s];
  }
}

static struct answer solve(const struct device *d, int levels, int lmin) {
  double panel[WIDTH][WIDTH];
  double amplitude = sqrt(d->I * d->gamma / d->betaR), slope = d->betaR / (4 * d->I);
  struct rates r = thermal(d);
  for (int s = 0; s < levels; s++) {
    up_from[s] = s < levels - 1 ? amplitude * (1 - slope * (lmin + s)) : 0;
    down_from[s] = s > 0 ? amplitude * (1 + slope * (lmin + s)) : 0;
  }
  memset(panel, 0, sizeof panel);
  own_part(panel, 0, d, &r, 0, levels, lmin);
  for (int s = 0; s < levels; s++) {
    int last = s == levels - 1;
    double(*next)[WIDTH] = panel + UNKNOWNS;
    memset(next, 0, UNKNOWNS * sizeof *next);
    if (!last) {
      coupling(panel, next, d, s, levels);
      own_part(next, UNKNOWNS, d, &r, s + 1, levels, lmin);
    }
    for (int v = 0; v < (last ? UNKNOWNS - 1 : UNKNOWNS); v++) {
      double pivot = 0;
      if (v < P00) pivot = -panel[v][v];
      else {
        for (int row = v + 1; row < UNKNOWNS; row++) pivot += panel[row][v];
        for (int row = P00; row < UNKNOWNS; row++) pivot += next[row][v];
      }
      double inverse = 1 / pivot;
      double *scaled = factors[s][v];
      for (int c = 0; c < WIDTH; c++) scaled[c] = panel[v][c] * inverse;
      /* What this does to columns already eliminated is read by nobody. */
      for (int row = v + 1; row < WIDTH; row++) {
        double share = panel[row][v];
        for (int c = 0; c < WIDTH; c++) panel[row][c] += share * scaled[c];
      }
    }
    for (int row = 0; row < UNKNOWNS; row++) {
      memcpy(panel[row], next[row] + UNKNOWNS, UNKNOWNS * sizeof(double));
      memset(panel[row] + UNKNOWNS, 0, UNKNOWNS * sizeof(double));
    }
  }
  memset(state[levels], 0, sizeof state[levels]);
  for (int s = levels - 1; s >= 0; s--) {
    double *x = state[s];
    int v = UNKNOWNS - 1;
    if (s == levels - 1) x[v--] = 1;
    for (; v >= 0; v--) {
      double sum = 0;
      for (int c = v + 1; c < UNKNOWNS; c++) sum += factors[s][v][c] * x[c];
      for (int c = 0; c < UNKNOWNS; c++) sum += factors[s][v][UNKNOWNS + c] * state[s + 1][c];
      x[v] = sum;
    }
  }
  double total = 0, lz = 0, lz2 = 0, coherence = 0, kinetic = 0;
  for (int s = 0; s < levels; s++) {
    double l = lmin + s, p = state[s][P00] + state[s][P01] + state[s][P10] + state[s][P11];
    total += p;
    lz += l * p;
    lz2 += l * l * p;
    coherence += state[s][IM];
    kinetic += p * (up_from[s] * up_from[s] * (2 * l + 1) - down_from[s] * down_from[s] * (2 * l - 1));
  }
  double current = 4 * d->lambda * coherence / total;
  return (struct answer){lz / total, lz2 / total, d->B1 * current, -d->B2 * current, kinetic / (2 * d->I * total)};
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 16) return fprintf(stderr, "15 numbers, not %d\n", count - 1), 2;
  double number[16];
  for (int k = 1; k < count; k++) number[k] = atof(arguments[k]);
  int levels = (int)number[1], lmin = (int)number[2], points = (int)number[3], runs = (int)number[4];
  if (levels < 2 || levels > MOST_LEVELS) return fprintf(stderr, "2 to %d levels\n", MOST_LEVELS), 2;
  double first = number[5], step = number[6];
  struct device d = {number[7],  first,      number[8],  number[9],  number[10],
                     number[11], number[12], number[13], number[14], number[15]};
  struct answer from = {0}, to = {0};
  printf("{\"seconds\":[");
  /* One more than asked for: the first warms the machine. */
  for (int run = 0; run <= runs; run++) {
    double begin = now();
    for (int k = 0; k < points; k++) {
      d.beta2 = first + k * step;
      to = solve(&d, levels, lmin);
      if (k == 0) from = to;
    }
    if (run > 0) printf("%s%.9g", run > 1 ? "," : "", now() - begin);
  }
  printf("],\"values\":[");
  const struct answer *both[] = {&from, &to};
  for (int k = 0; k < 2; k++)
    printf("%s%.17g,%.17g,%.17g,%.17g,%.17g", k ? "," : "", both[k]->lz, both[k]->lz2, both[k]->q1, both[k]->q2,
           both[k]->qr);
  printf("]}\n");
  return 0;
}
