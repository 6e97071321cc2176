"""The other end of worker.py, and our own runner behind the same three requests."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

THREADS = "2"
ENVIRONMENT = dict.fromkeys(
    [
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "WEFT_THREADS",
    ],
    THREADS,
) | {"JAX_PLATFORMS": "cpu", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}  # fmt: skip

Answer = dict[str, Any]


class Peer:
    """A worker process, started when it is first needed and again after it has died."""

    def __init__(self, name: str, inputs: Path, timeout: float, log: Path) -> None:
        self.name = name
        self.inputs = inputs
        self.timeout = timeout
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.pending = b""

    def load(self, identifier: str) -> Answer:
        return self.ask(f"load {identifier}", self.timeout)

    def time(self, seconds: float) -> Answer:
        return self.ask(f"time {seconds}", self.timeout + seconds)

    def drop(self) -> None:
        if self.process:
            self.ask("drop", self.timeout)

    def ask(self, request: str, timeout: float) -> Answer:
        process = self.process or self.start()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(request.encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self.ended("ended")
        deadline = time.monotonic() + timeout
        while b"\n" not in self.pending:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([process.stdout], [], [], left)[0]:
                return self.ended(f"no answer in {timeout:.0f} s")
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                return self.ended("ended")
            self.pending += chunk
        line, _, self.pending = self.pending.partition(b"\n")
        return json.loads(line)

    def start(self) -> subprocess.Popen[bytes]:
        self.pending = b""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments(),
                cwd=Path(__file__).parent.parent,
                env=os.environ | ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        return self.process

    def arguments(self) -> list[str]:
        return [sys.executable, "-m", "peers.worker", self.name, str(self.inputs)]

    def ended(self, reason: str) -> Answer:
        self.stop()
        return {"error": f"worker: {reason}"}

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


class Runner(Peer):
    """Weft's bench runner, which answers the same requests."""

    def __init__(self, command: list[str], inputs: Path, timeout: float, log: Path) -> None:
        super().__init__("weft", inputs, timeout, log)
        self.command = [*command, "--inputs", str(inputs), "--serve"]

    def arguments(self) -> list[str]:
        return self.command
