"""The project's problems, solved by QuTiP (4 or 5) and SciPy.

Reads one request as JSON on stdin (see src/performance/peers.ts) and prints JSON: name and version of what
solved it, seconds of each run, and the numbers found.
"""
import contextlib
import io
import json
import sys
import time

import numpy as np
import qutip
import scipy
from qutip import Qobj, countstat_current_noise, expect, liouvillian, mesolve, parallel_map, spectrum, steadystate, tensor

from device import device

QUTIP_4 = qutip.__version__.startswith("4.")


def observables(h, rho, lz, qubit2):
    """<L_z>, <L_z^2>, and Q_2 of a steady state."""
    commutator = -1j * (h * rho - rho * h)
    return [
        float(np.real(expect(lz, rho))),
        float(np.real(expect(lz * lz, rho))),
        float(np.real(-(qubit2 * commutator).tr())),
    ]


def timed(runs, run):
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - begin)
    return seconds, result


def steady(q):
    h, jumps, lz, qubit2 = device(q["parameters"], q["lmin"], q["lmax"])
    options = {
        "direct": dict(method="direct"),
        "power": dict(method="power"),
        "gmres": dict(method="iterative-gmres", use_precond=True, maxiter=2000, **({"tol": 1e-12} if QUTIP_4 else {"rtol": 1e-12})),
    }[q["method"]]
    seconds, rho = timed(q["runs"], lambda: steadystate(liouvillian(h, jumps), **options))
    return f"QuTiP {qutip.__version__} steadystate({options['method']})", seconds, observables(h, rho, lz, qubit2)


def evolve(q):
    p = q["parameters"]
    h, jumps, lz, qubit2 = device(p, q["lmin"], q["lmax"])
    up = [1 / (1 + np.exp(2 * b * f)) for b, f in ((p["beta1"], p["B1"]), (p["beta2"], p["B2"]))]
    levels = np.arange(q["lmin"], q["lmax"] + 1)
    start = tensor(*(Qobj(np.diag([u, 1 - u])) for u in up), Qobj(np.diag((levels == 0).astype(float))))
    options = dict(rtol=q["tolerance"], atol=q["tolerance"] * 1e-2, nsteps=10**8)
    if QUTIP_4:
        options = qutip.Options(**options)
    observed = dict(e_ops=[lz, lz * lz])
    run = lambda: mesolve(h, start, [0.0, *q["times"]], jumps, options=options, **observed)
    seconds, result = timed(q["runs"], run)
    values = [float(np.real(series[i])) for i in range(1, len(q["times"]) + 1) for series in result.expect]
    return f"QuTiP {qutip.__version__} mesolve", seconds, values


def sweep_point(beta2, p, lmin, lmax):
    h, jumps, lz, qubit2 = device({**p, "beta2": beta2}, lmin, lmax)
    return observables(h, steadystate(h, jumps, method="direct"), lz, qubit2)


def sweep(q):
    arguments = (q["parameters"], q["lmin"], q["lmax"])
    cores = dict(num_cpus=q["workers"])
    cores = cores if QUTIP_4 else dict(map_kw=cores)
    run = lambda: parallel_map(sweep_point, q["beta2"], task_args=arguments, **cores)
    seconds, points = timed(q["runs"], run)
    return f"QuTiP {qutip.__version__} parallel_map", seconds, [x for point in points for x in point]


def apply(q):
    h, jumps, lz, qubit2 = device(q["parameters"], q["lmin"], q["lmax"])
    csr = liouvillian(h, jumps).data
    csr = csr if QUTIP_4 else csr.as_scipy()
    matrix = scipy.sparse.csr_matrix((csr.data, csr.indices, csr.indptr), shape=csr.shape)
    name = f"SciPy {scipy.__version__} CSR product"
    if q["as"] == "dense":
        matrix, name = matrix.toarray(), f"NumPy {np.__version__} dense matrix product"
    n = matrix.shape[0]
    # The same numbers on either side: a Hermitian matrix that is easy to write down.
    k, dimension = np.arange(n), round(n**0.5)
    z = (np.cos(k) + 1j * np.sin(2.0 * k)).reshape(dimension, dimension)
    x = (z + z.conj().T).ravel()
    seconds, y = timed(q["runs"], lambda: matrix @ x)
    return name, seconds, [float(np.linalg.norm(y)), float(y[n // 3 + 1].real), float(y[n // 3 + 1].imag)]


def noise(q):
    """Mean and zero-frequency noise of what bath 2 brings in: jumps up less jumps down."""
    h, jumps, _, _ = device(q["parameters"], q["lmin"], q["lmax"])

    def run():
        generator = liouvillian(h, jumps)
        # Without a state it would solve for one with the counted jumps added once more.
        rho = steadystate(generator, method="direct")
        current, covariance = countstat_current_noise(generator, jumps[2:4], rhoss=rho)[:2]
        d = np.real(np.asarray(covariance)).reshape(2, 2)
        current = np.real(current)
        return [float(current[0] - current[1]), float(d[0, 0] + d[1, 1] - d[0, 1] - d[1, 0])]

    seconds, values = timed(q["runs"], run)
    return f"QuTiP {qutip.__version__} countstat_current_noise", seconds, values


def modes(q):
    """Rates of the slowest modes without frequency, from all eigenstates of the Liouvillian."""
    h, jumps, _, _ = device(q["parameters"], q["lmin"], q["lmax"])
    seconds, (values, _) = timed(q["runs"], lambda: liouvillian(h, jumps).eigenstates())
    rates = sorted(-z.real for z in values if abs(z.imag) < 1e-9)
    return f"QuTiP {qutip.__version__} eigenstates", seconds, [float(x) for x in rates[1 : q["count"] + 1]]


def spectra(q):
    """The spectrum of L_z in the steady state at some frequencies other than 0, where it has no line."""
    h, jumps, lz, _ = device(q["parameters"], q["lmin"], q["lmax"])
    run = lambda: spectrum(h, q["frequencies"], jumps, lz, lz, solver="es")
    seconds, values = timed(q["runs"], run)
    return f"QuTiP {qutip.__version__} spectrum(es)", seconds, [float(np.real(x)) for x in values]


def machine(q):
    """The steady state of a machine whose operators its own script has made; the script's numbers."""
    made = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(q["script"], made)
    jumps = [a for bath in made["baths"].values() for a in bath]
    seconds, _ = timed(q["runs"], lambda: steadystate(liouvillian(made["hamiltonian"], jumps), method="direct"))
    found = made["result"]
    values = [found["ladder"]["mean"], found["ladder"]["meanSquare"], *found["observables"].values()]
    return f"QuTiP {qutip.__version__} steadystate(direct)", seconds, values


def main():
    request = json.load(sys.stdin)
    tasks = {"steady": steady, "evolve": evolve, "sweep": sweep, "apply": apply, "noise": noise, "modes": modes}
    tasks.update(spectrum=spectra, machine=machine)
    name, seconds, values = tasks[request["task"]](request)
    print(json.dumps({"name": name, "seconds": seconds, "values": values}))


main()
