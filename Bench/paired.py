#!/usr/bin/env python3
"""Times Weft and its peers side by side and prints the paired table.

Each workload is loaded by everyone, then timed in rounds: Weft, the first peer, the second peer, and
so on, again and again, so that the machine's noise hits all alike. The median over the rounds counts.
Every result is compared with NumPy's; a wrong one is named and has no time.
"""

import argparse
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from peers.checks import disagreement
from peers.client import Peer, Runner
from peers.worker import PEERS
from peers.workloads import Inputs, limit, selected, tolerance
from report import Record, line, summarize, table

HERE = Path(__file__).parent


class MachineLimits:
    """Runs limits.c; knows nothing where there is no compiler."""

    def __init__(self, directory: Path) -> None:
        self.program: Path | None = None
        if compiler := shutil.which("gcc") or shutil.which("clang"):
            self.program = directory / "limits"
            flags = ["-O3", "-march=native", "-pthread", str(HERE / "limits.c")]
            subprocess.run([compiler, *flags, "-o", str(self.program)], check=True)

    def __call__(self, kind: str = "") -> dict[str, float]:
        """All limits, or one."""
        if not self.program:
            return {}
        done = subprocess.run([self.program, kind], check=True, capture_output=True)
        return json.loads(done.stdout)


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def measure(
    identifier: str,
    contenders: list[Peer],
    rounds: int,
    seconds: float,
    machine_limit: Callable[[], dict[str, float]],
) -> Record:
    """The record of one workload: by contender its times over all rounds, or why it has none; and
    the machine's limit in each round, which a shared machine changes from minute to minute.
    """
    limits: dict[str, list[float]] = {}
    results: dict[str, Record] = {}
    for contender in contenders:
        answer = contender.load(identifier)
        if "error" not in answer and "unsupported" not in answer:
            answer["medians"] = []
            answer["minima"] = []
        results[contender.name] = answer
    for _ in range(rounds):
        for kind, value in machine_limit().items():
            limits.setdefault(kind, []).append(value)
        for contender in contenders:
            result = results[contender.name]
            if "medians" not in result or "error" in result:
                continue
            # Threads of the one before may spin for a while after their work (OpenMP's do, 0.2 s).
            time.sleep(0.3)
            answer = contender.time(seconds)
            if times := answer.get("times"):
                result["medians"].append(statistics.median(times))
                result["minima"].append(min(answer.get("min", times[0]), *times))
                result["peak_mb"] = answer.get("peak_mb")
            else:
                result["error"] = answer.get("error", "no times")
    for contender in contenders:
        contender.drop()
    for result in results.values():
        medians, minima = result.pop("medians", []), result.pop("minima", [])
        if medians and "error" not in result:
            result["median"] = statistics.median(medians)
            result["min"] = min(minima)
            result["round_medians"] = medians
            result["compile_s"] = max(0.0, result.get("first_s", 0) - result["median"])
    medians_of_limits = {kind: statistics.median(values) for kind, values in limits.items()}
    return {"id": identifier, "peers": results, "limits": medians_of_limits}


def compare(record: Record) -> None:
    """Marks every result that departs from NumPy's, or from the first peer's that has one."""
    checks = {p: r["check"] for p, r in record["peers"].items() if "check" in r}
    reference = next((p for p in ("numpy", *checks) if p in checks and p != "weft"), None)
    if reference is None:
        return
    for peer, got in checks.items():
        if reason := disagreement(got, checks[reference], tolerance(record["id"])):
            record["peers"][peer]["wrong"] = f"{reason} (by {reference})"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--inputs", type=Path, required=True, help="folder of the inputs")
    parser.add_argument("--runner", help="command of our runner; without it only the peers run")
    parser.add_argument("--workloads", default="", help="ids or beginnings, by commas; default all")
    parser.add_argument("--peers", default=",".join(PEERS), help="by commas; default all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each peer in each round")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one answer")
    parser.add_argument("--out", type=Path, help="JSON file of everything measured")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    peers = [p for p in options.peers.split(",") if p]
    if unknown := [p for p in peers if p not in PEERS]:
        sys.exit(f"paired: unknown peers {', '.join(unknown)}; known: {', '.join(PEERS)}")
    directory = options.inputs.resolve()
    identifiers = selected([w for w in options.workloads.split(",") if w])
    if not identifiers:
        sys.exit("paired: no such workloads")
    parameters = Inputs(directory).parameters()

    log = options.out.with_suffix(".log") if options.out else Path(os.devnull)
    contenders: list[Peer] = []
    if options.runner:
        program, *extra = shlex.split(options.runner)
        # Workers run in another folder.
        command = [str(Path(shutil.which(program) or program).resolve()), *extra]
        contenders.append(Runner(command, directory, options.timeout, log))
    contenders += [Peer(p, directory, options.timeout, log) for p in peers]

    records = []
    with tempfile.TemporaryDirectory() as folder:
        machine_limits = MachineLimits(Path(folder))
        limits = machine_limits()
        try:
            for identifier in identifiers:
                bound = limit(identifier, parameters)
                record = measure(
                    identifier,
                    contenders,
                    options.rounds,
                    options.seconds,
                    lambda: machine_limits(bound[0]) if bound else {},
                )
                compare(record)
                summarize(record, record["limits"], bound)
                records.append(record)
                print(line(record, peers), file=sys.stderr, flush=True)
        finally:
            for contender in contenders:
                contender.stop()

    print("limits at the start (GB/s, GFLOP/s):", ", ".join(f"{k} {v}" for k, v in limits.items()))
    print(f"load averages: {os.getloadavg()}; {processor()}")
    print(table(records, peers))
    print("best/weft, numpy/weft, c/weft: above 1 Weft is the faster; W13b: seconds a node")
    for record in records:
        for peer, result in record["peers"].items():
            for word in ("wrong", "error"):
                if word in result:
                    print(f"{record['id']} {peer}: {word}: {result[word]}")
    if options.out:
        report = {
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "processor": processor(),
            "load": os.getloadavg(),
            "limits": limits,
            "rounds": options.rounds,
            "workloads": records,
        }
        options.out.write_text(json.dumps(report, indent=1) + "\n")
    if any("wrong" in r["peers"].get("weft", {}) for r in records):
        sys.exit(1)


if __name__ == "__main__":
    main()
