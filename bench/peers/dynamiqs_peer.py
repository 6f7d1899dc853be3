"""The project's evolutions, solved by dynamiqs in float64. Reads and prints what peers.py does; the Hamiltonian and the
jump operators are those that QuTiP is given. It has no steady states and no sweeps."""
import json
import sys
import time
from importlib.metadata import version

import dynamiqs as dq
import numpy as np

from device import device


def main():
    q = json.load(sys.stdin)
    dq.set_precision("double")
    dq.set_progress_meter(False)
    p = q["parameters"]
    sparse = lambda a: dq.asqarray(a.full(), layout=dq.dia)
    h, jumps, lz, _ = device(p, q["lmin"], q["lmax"])
    up = [1 / (1 + np.exp(2 * b * f)) for b, f in ((p["beta1"], p["B1"]), (p["beta2"], p["B2"]))]
    qubits = [np.diag([u, 1 - u]) for u in up]
    levels = np.arange(q["lmin"], q["lmax"] + 1)
    start = np.kron(np.kron(*qubits), np.diag((levels == 0).astype(complex)))
    method = dq.method.Tsit5(rtol=q["tolerance"], atol=q["tolerance"] * 1e-2, max_steps=10**8)
    operators = [sparse(h), [sparse(jump) for jump in jumps], dq.asqarray(start), np.array([0.0, *q["times"]])]
    observed = [sparse(lz), sparse(lz * lz)]

    def run():
        return np.asarray(dq.mesolve(*operators, exp_ops=observed, method=method).expects)

    # The first run compiles.
    run()
    seconds = []
    for _ in range(q["runs"]):
        begin = time.perf_counter()
        expects = run()
        seconds.append(time.perf_counter() - begin)
    values = [float(series[i].real) for i in range(1, len(q["times"]) + 1) for series in expects]
    print(json.dumps({"name": f"dynamiqs {version('dynamiqs')} mesolve, Tsit5", "seconds": seconds, "values": values}))


main()
