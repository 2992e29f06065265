#!/usr/bin/env python3
"""Runs other people's PRONOTE clients against the simulator: pronotepy with its own test-suite, and Pawnote.

usage: run.py [pronotepy|portals|pawnote]

Everything is on loopback. The clients are installed into target/interop, pinned, and never edited.
"""

import os
import re
import signal
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target"))
PLACE = TARGET / "interop"
SIMULATOR = TARGET / "debug" / "pronote-simulator"
SECONDS = 300

BOTH = ["--encrypted", "--compressed"]
# A fixed day in January, so that a term is over and its report card is out.
NOW = ["--now", "2027-01-20T10:00"]


def python(release: str) -> Path:
    """The interpreter of an environment that has this release of pronotepy."""
    folder = PLACE / f"pronotepy-{release}"
    requirements = HERE / f"requirements-{release}.txt"
    mark = folder / requirements.name
    if not mark.exists() or mark.read_text() != requirements.read_text():
        venv.create(folder, with_pip=True, clear=True)
        install = [folder / "bin" / "pip", "install", "--quiet", "--requirement", requirements]
        subprocess.run(install, check=True)
        mark.write_text(requirements.read_text())
    return folder / "bin" / "python"


def pawnote() -> Path:
    """A folder where Pawnote can be imported."""
    folder = PLACE / "pawnote"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    mark = folder / "installed"
    if not mark.exists() or mark.read_bytes() != lock:
        for name in ("package.json", "package-lock.json"):
            (folder / name).write_bytes((HERE / name).read_bytes())
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
        mark.write_bytes(lock)
    (folder / "pawnote_reads.mjs").write_bytes((HERE / "pawnote_reads.mjs").read_bytes())
    return folder


def against(options: list[str], command: list) -> tuple[int, int]:
    """Runs a client against a simulator of its own; how many checks passed and failed."""
    server = subprocess.Popen(
        [SIMULATOR, "--address", "127.0.0.1:0", *NOW, *options], stdout=subprocess.PIPE, text=True
    )
    try:
        # The first line says where it listens, once it does.
        root = server.stdout.readline().strip()
        client = subprocess.run(
            [*command, root], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=SECONDS
        )
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    return told(" ".join(options), client.stdout, client.stderr, client.returncode)


def portals(interpreter: Path) -> tuple[int, int]:
    """Runs pronotepy's ENT functions against the fake portals; each starts a simulator of its own."""
    command = [interpreter, HERE / "pronotepy_portals.py", SIMULATOR]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # A group of its own, so that a simulator ends with whoever started it.
    with subprocess.Popen(command, start_new_session=True, **pipes) as client:
        try:
            out, err = client.communicate(timeout=SECONDS)
        except BaseException:
            os.killpg(client.pid, signal.SIGKILL)
            raise
    return told("portals", out, err, client.returncode)


def told(what: str, out: str, err: str, code: int) -> tuple[int, int]:
    """Prints what a client said; how many checks passed and failed."""
    counts = re.search(r"(\d+) passed, (\d+) failed", out)
    passed, failed = (int(counts[1]), int(counts[2])) if counts else (0, 0)
    if code != 0 or failed or not passed:
        print(err, file=sys.stderr)
        failed = max(failed, 1)
    print(f"{what}: {out.strip() or 'nothing'}", flush=True)
    return passed, failed


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    build = ["cargo", "build", "--locked", "--quiet", "--package", "pronote-client", "--features", "simulator"]
    subprocess.run([*build, "--bin", "pronote-simulator"], cwd=WORKSPACE, check=True)
    totals = []
    if only in ("", "pronotepy"):
        for release, speaks in (("2.15.7", "2026.2.6"), ("2.14.6", "2025.2.5")):
            interpreter = python(release)
            for options in ([], ["--encrypted"], ["--compressed"], BOTH):
                version = ["--version", speaks, *options]
                # An empty collection is a failure: the suite would only warn of it.
                suite = [interpreter, "-W", "error:collection empty", HERE / "pronotepy_suite.py"]
                totals.append(against(version, suite))
                totals.append(against(version, [interpreter, HERE / "pronotepy_reads.py"]))
    if only in ("", "portals"):
        totals.append(portals(python("2.15.7")))
    if only in ("", "pawnote"):
        script = pawnote() / "pawnote_reads.mjs"
        for speaks in ("2024.3.8", "2024.3.10", "2025.2.5"):
            # Encrypted alone is left out: Pawnote 1.6.2 then reads the text as Latin-1.
            for options in ([], ["--compressed"], BOTH, [*BOTH, "--rsa"]):
                totals.append(against(["--version", speaks, *options], ["node", script]))
    passed, failed = (sum(column) for column in zip(*totals))
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
