#!/usr/bin/env python3
"""How much less CPU a login and a call cost than with pronotepy, against the same simulator.

usage: cost.py   (nothing else should be busy on the machine; it takes two minutes once everything is built)
"""

import re
import subprocess
import sys

from run import BOTH, HERE, NOW, SECONDS, TARGET, WORKSPACE, python

RELEASE = TARGET / "release"
ROUNDS = 3


def costs(command: list) -> dict[str, tuple[float, ...]]:
    """What a client says each thing costs in milliseconds: in all, as a user, in the kernel."""
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS).stdout
    lines = re.findall(r"(.+): (\S+) ms of CPU \((\S+) user, (\S+) system\)", said)
    return {name: tuple(map(float, figures)) for name, *figures in lines}


def against(options: list[str], interpreter) -> None:
    """Runs both clients by turns, and prints the best round of each: the others were disturbed."""
    server = subprocess.Popen(
        [RELEASE / "pronote-simulator", "--address", "127.0.0.1:0", *NOW, *options], stdout=subprocess.PIPE, text=True
    )
    try:
        # The first line says where it listens, once it does.
        root = server.stdout.readline().strip()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(costs([RELEASE / "examples" / "cost", f"{root}/eleve.html"]))
            theirs.append(costs([interpreter, HERE / "pronotepy_cost.py", root]))
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    print(" ".join(options) or "in clear")
    for name in ours[0]:
        best = [min(round[name] for round in rounds) for rounds in (ours, theirs)]
        said = ["{:.2f} ms ({:.2f} user, {:.2f} system)".format(*figures) for figures in best]
        print(f"  {name}: {said[0]}, pronotepy {said[1]}: {best[1][0] / best[0][0]:.1f} times less")


def main() -> int:
    build = ["cargo", "build", "--locked", "--quiet", "--release", "--package", "pronote-client"]
    wanted = ["--features", "simulator", "--bin", "pronote-simulator", "--example", "cost"]
    subprocess.run([*build, *wanted], cwd=WORKSPACE, check=True)
    interpreter = python("2.15.7")
    for options in ([], BOTH):
        against(options, interpreter)
    return 0


if __name__ == "__main__":
    sys.exit(main())
