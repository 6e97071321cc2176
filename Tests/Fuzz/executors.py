"""Weft processes that answer programs, one line each."""

import json
import os
import queue
import subprocess
import threading

EXECUTORS = ("reference", "blas/never", "blas/always", "blas/auto")


class Trap(Exception):
    """The process died or did not answer."""


class Executor:
    """One `weft eval --lines`, started again after it died."""

    def __init__(self, weft, name, pool, timeout=60.0, threads="1", environment=None,
                 prepare=None):
        self.name, self.weft, self.pool, self.timeout = name, weft, pool, timeout
        # A backtrace takes seconds, and making a failure small may take hundreds.
        self.environment = dict(os.environ, WEFT_THREADS=threads, SWIFT_BACKTRACE="enable=no")
        # What becomes of a program before it is asked for.
        self.prepare = prepare or (lambda program: program)
        # `opencl+sparse` is given leaves that are stored sparsely, see `prepare`.
        self.executor, _, jit = name.replace("+sparse", "").partition("/")
        if jit:
            # Of `chunked` how arrays are cut: `chunked/seed:7`, `chunked/extent:2`.
            self.environment["WEFT_CHUNKS" if self.executor == "chunked" else "WEFT_JIT"] = jit
        self.environment.update(environment or {})
        self.process = None

    def start(self):
        command = [self.weft, "eval", "--lines", "--executor", self.executor]
        for variable, path in self.pool.items():
            command += ["--in", f"{variable}={path}"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment)
        self.lines = queue.Queue()
        self.errors = []
        threading.Thread(target=self._read, args=(self.process, self.lines), daemon=True).start()
        threading.Thread(
            target=self._read_errors, args=(self.process, self.errors), daemon=True).start()

    @staticmethod
    def _read(process, lines):
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    @staticmethod
    def _read_errors(process, errors):
        for line in process.stderr:
            errors.append(line.decode(errors="replace"))
            del errors[:-20]

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @staticmethod
    def _write(process, text):
        try:
            process.stdin.write(text)
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass

    def _line(self):
        """The next line; a second at a time, so that time in which all was stopped does not count."""
        for _ in range(max(1, int(self.timeout))):
            try:
                return self.lines.get(timeout=1.0)
            except queue.Empty:
                pass
        raise queue.Empty

    def answers(self, programs):
        """The answers to programs in order: parsed JSON, or a Trap for one that killed it."""
        answers, start = [], 0
        programs = [self.prepare(p) for p in programs]
        while start < len(programs):
            if self.process is None:
                self.start()
            text = "".join(p.replace("\n", ";") + "\n" for p in programs[start:]).encode()
            process = self.process
            threading.Thread(target=self._write, args=(process, text), daemon=True).start()
            for _ in range(start, len(programs)):
                try:
                    line = self._line()
                except queue.Empty:
                    self.stop()
                    answers.append(Trap(f"no answer within {self.timeout} s"))
                    break
                if line is None:
                    code = process.wait()
                    self.process = None
                    # A process may end after an answer; the program not answered is guilty.
                    answers.append(Trap(f"exit {code}: {''.join(self.errors)[-2000:]}"))
                    break
                answers.append(json.loads(line))
            start = len(answers)
        return answers
