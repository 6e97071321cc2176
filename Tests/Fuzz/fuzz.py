#!/usr/bin/env python3
"""Compares Weft with NumPy on random programs; see the README."""

import argparse
import concurrent.futures
import json
import os
import re
import sys
import tempfile
import time
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# One thread: matrices are small, and waiting threads take the other processes' time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import allowed
import compare
import executors
import generator
import minimise
import record
import reference
import sparse
import values

BATCH = 128


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weft", default=".build/release/weft", help="the program")
    parser.add_argument("--count", type=int, default=1000, help="programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--executors", default=",".join(executors.EXECUTORS))
    parser.add_argument("--families", help="only these, by commas")
    parser.add_argument("--threads", default="1", help="WEFT_THREADS")
    parser.add_argument("--out", default=".build/fuzz", help="where failures go")
    parser.add_argument("--stop-after", type=int, default=50, help="failures")
    parser.add_argument("--no-minimise", action="store_true")
    parser.add_argument("--replay", help="a failure's file, or a file of programs, one a line")
    parser.add_argument("--record", help="write NumPy's answers to a file instead of comparing")
    parser.add_argument("--minutes", type=float, help="stop after so long")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for an answer")
    return parser.parse_args()


class Fuzzer:
    """Runs programs on executors and writes down what differs."""

    def __init__(self, options):
        self.options = options
        self.pool, paths = values.make_pool(os.path.join(options.out, "pool"))
        self.reference = reference.Reference(self.pool)
        self.judge = compare.Judge(self.reference)
        self.sparse_judge = compare.Judge(self.reference, open_zeros=True)
        storing = sparse.Storing(self.reference, self.pool)
        def make(name):
            return executors.Executor(
                options.weft, name, paths, options.timeout, options.threads,
                {"WEFT_CACHE_DIR": os.path.join(options.out, "cache")},
                prepare=storing if self.is_sparse(name) else None)

        self.executors = [make(name) for name in options.executors.split(",")]
        # Processes of their own for making failures small: the others are at the next batch.
        self.second = {e.name: make(e.name) for e in self.executors}
        # A thread for each, so that batches follow each other.
        self.threads = {e: concurrent.futures.ThreadPoolExecutor(1) for e in self.executors}
        self.failures = 0
        self.counts = {e.name: 0 for e in self.executors}
        self.errors = self.tolerated = 0
        os.makedirs(options.out, exist_ok=True)

    @staticmethod
    def is_sparse(name):
        """Whether an executor is given leaves that are stored sparsely."""
        executor = name.split("/")[0]
        return executor in ("sparse", "auto") or executor.endswith("+sparse")

    def judge_one(self, program, answer, want, executor):
        if isinstance(answer, executors.Trap):
            return f"trap: {answer}"
        judge = self.sparse_judge if self.is_sparse(executor.name) else self.judge
        got = compare.decode(answer)
        reason = judge.difference(program, got, want)
        if reason and (allowed.reason(program, reason) or judge.is_absence(program, got, want)):
            self.tolerated += 1
            return None
        return reason

    def begin(self, programs):
        """Hands programs to all executors; NumPy answers meanwhile."""
        texts = ["; ".join(p) for p in programs]
        answers = [self.threads[e].submit(e.answers, texts) for e in self.executors]
        wants = [self.judge.want(t) for t in texts]
        wrong = [w for w in wants if isinstance(w, compare.Failure) and "SyntaxError" in str(w)]
        if wrong:
            raise AssertionError(f"the generator made no Python: {wrong[0]}")
        self.errors += sum(isinstance(w, compare.Failure) for w in wants)
        return programs, texts, wants, answers

    def end(self, programs, texts, wants, answers):
        """Compares the answers of a batch."""
        guilty = {}
        for executor, future in zip(self.executors, answers):
            for n, answer in enumerate(future.result()):
                reason = self.judge_one(texts[n], answer, wants[n], executor)
                if reason:
                    guilty.setdefault(n, []).append((executor, reason))
            self.counts[executor.name] += len(texts)
        for n, found in guilty.items():
            self.report(programs[n], found)

    @staticmethod
    def key(reason):
        """A reason without its numbers."""
        return re.sub(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", "#", reason)[:60]

    def report(self, statements, found):
        executor, reason = self.second[found[0][0].name], found[0][1]
        self.failures += 1
        kind = self.key(reason)[:14]

        def fails(text):
            want = self.judge.want(text)
            now = self.judge_one(text, executor.answers([text])[0], want, executor)
            return now is not None and self.key(now)[:14] == kind

        small = list(statements)
        if not self.options.no_minimise and not reason.startswith("trap: no answer"):
            small = minimise.Minimiser(fails).run(statements)
        text = "; ".join(small)
        answer = executor.answers([text])[0]
        final = self.judge_one(text, answer, self.judge.want(text), executor) or reason
        record = {
            "program": text, "executors": [e.name for e, _ in found], "reason": final,
            "original": "; ".join(statements), "seed": self.options.seed,
            "numpy": np.__version__}
        path = os.path.join(
            self.options.out, f"failure-{self.options.seed}-{self.failures}.json")
        with open(path, "w") as file:
            json.dump(record, file, indent=1)
        print(f"FAILURE {path} on {', '.join(record['executors'])}\n  {text[:1500]}\n  {final[:600]}",
              flush=True)

    def run(self):
        options = self.options
        make = generator.Generator(
            options.seed, self.reference, self.pool,
            options.families.split(",") if options.families else None)
        start, done, previous = time.time(), 0, None
        while done < options.count and self.failures < options.stop_after:
            if options.minutes and time.time() - start > 60 * options.minutes:
                break
            size = min(BATCH, options.count - done)
            batch = self.begin([make.program() for _ in range(size)])
            if previous:
                self.end(*previous)
            previous = batch
            done += size
            if done % (BATCH * 20) == 0:
                print(f"{done} programs, {self.failures} failures, {time.time() - start:.0f} s",
                      flush=True)
        if previous:
            self.end(*previous)
        self.finish(time.time() - start)

    def replay(self, path):
        with open(path) as file:
            text = file.read()
        if text.startswith("{"):
            programs = [json.loads(text)["program"]]
        else:
            programs = [line for line in text.split("\n")
                        if line.strip() and not line.startswith("#")]
        if self.options.record:
            return self.record(programs)
        for n in range(0, len(programs), BATCH):
            self.end(*self.begin([reference.split(p) for p in programs[n:n + BATCH]]))
        self.finish(0)

    def record(self, programs):
        """Writes the cases of programs; of generated ones the short and stable."""
        answers = self.executors[0].answers(programs)
        programs = [p for p, a in zip(programs, answers) if not self.is_meant(p, a)]
        self.executors[0].stop()
        lines = [line for line in (record.line(self.judge, p) for p in programs) if line]
        with open(self.options.record, "w") as file:
            file.writelines(line + "\n" for line in lines)
        print(f"{len(lines)} of {len(programs)} programs in {self.options.record}")

    def is_meant(self, program, answer):
        """Whether Weft's answer differs as documented; such programs are not recorded."""
        if isinstance(answer, executors.Trap):
            return False
        got, want = compare.decode(answer), self.judge.want(program)
        reason = self.judge.difference(program, got, want)
        return bool(reason and (
            allowed.reason(program, reason) or self.judge.is_absence(program, got, want)))

    def generated(self):
        """Programs to record: those that are short and need no file."""
        make = generator.Generator(
            self.options.seed, self.reference, self.pool,
            self.options.families.split(",") if self.options.families else None)
        programs = []
        while len(programs) < self.options.count:
            text = "; ".join(make.program())
            if len(text) < 1200 and not re.search(r"\bp\d+\b", text):
                programs.append(text)
        return programs

    def finish(self, seconds):
        for executor in self.executors + list(self.second.values()):
            executor.stop()
        counts = ", ".join(f"{n} on {name}" for name, n in self.counts.items())
        print(f"seed {self.options.seed}: {counts}; {self.errors} are errors in NumPy; "
              f"{self.tolerated} answers differ as documented; {self.failures} failures; "
              f"{seconds:.0f} s")


def main():
    warnings.simplefilter("ignore")
    options = parse_arguments()
    fuzzer = Fuzzer(options)
    if options.record and not options.replay:
        fuzzer.record(fuzzer.generated())
    elif options.replay:
        fuzzer.replay(options.replay)
    else:
        fuzzer.run()
    sys.exit(1 if fuzzer.failures else 0)


if __name__ == "__main__":
    main()
