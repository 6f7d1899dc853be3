"""The paper's local master equation in time at N = 61, by QuTiP's mesolve.

Reads as JSON on stdin: the device's parameters, lmin, lmax, times, rtol and atol; prints JSON: version, and for each time the seconds from the start and <L_z>. mesolve is asked for one time after the other, each from the state before.
"""
import json
import sys
import time

import numpy as np
import qutip
from qutip import Options, Qobj, expect, fock_dm, liouvillian, mesolve, tensor

from device import device


def main():
    request = json.load(sys.stdin)
    p = request["parameters"]
    lmin, lmax = request["lmin"], request["lmax"]
    h, jumps, lz, _ = device(p, lmin, lmax)

    def thermal(beta, field):
        down = 1 / (1 + np.exp(-2 * beta * field))
        # QuTiP's first basis state stands for "up".
        return Qobj(np.diag([1 - down, down]))

    rho = tensor(thermal(p["beta1"], p["B1"]), thermal(p["beta2"], p["B2"]), fock_dm(lmax - lmin + 1, -lmin))
    generator = liouvillian(h, jumps)
    options = Options(rtol=request["rtol"], atol=request["atol"], nsteps=10**9)
    reached, now = [], 0.0
    begin = time.perf_counter()
    for t in request["times"]:
        rho = mesolve(generator, rho, [now, t], options=options).states[-1]
        now = t
        reached.append({"t": t, "seconds": time.perf_counter() - begin, "Lz": float(expect(lz, rho))})
        print(json.dumps(reached[-1]), file=sys.stderr, flush=True)
    print(json.dumps({"version": qutip.__version__, "reached": reached}))


if __name__ == "__main__":
    main()
