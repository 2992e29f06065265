#!/usr/bin/env python3
"""Hardware in the loop: the box as it ships, in a virtual machine with contacts and a sound card.

    image/hil/run.py [--arch amd64|arm64] PROGRAM

PROGRAM is `beffroi`, built for that architecture (this machine's, where nothing is said).
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import power
import scenes
from guest import Guest
from tell import since, tell

TARGET = HERE.parent.parent / "target/hil"


def main() -> int:
    host = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", type=Path, help="the program, built for that architecture")
    parser.add_argument("--arch", choices=["amd64", "arm64"], default=host)
    arguments = parser.parse_args()
    began = time.monotonic()
    guest = Guest(arguments.arch, TARGET)
    guest.build(arguments.program)
    size = guest.initramfs.stat().st_size / 1e6
    print(f"{arguments.arch}, Linux {guest.release}, {size:.0f} MB, {since(began)}", flush=True)
    began = time.monotonic()
    wrong = play(guest)
    print(f"{wrong} failed, {since(began)} in all")
    return 1 if wrong else 0


def play(guest: Guest) -> int:
    """All scenes in one run of the guest, whose end is the power cut; how many went wrong."""
    disk = power.Disk(guest)
    machine = guest.start(disk.image, disk.log)
    wrong = 0
    try:
        machine.wait_until_up()
        box = scenes.Box(machine)
        for scene in scenes.SCENES:
            wrong += not tell(scene.__doc__, lambda scene=scene: scene(box))
        if wrong:
            print(machine.attempt("journalctl --no-pager -b -u beffroi | tail -50")[1])
        wrong += not tell(power.cut.__doc__, lambda: power.cut(guest, disk, box))
    finally:
        machine.cut_power()
    return wrong


if __name__ == "__main__":
    for tool in ["cpio", "depmod", "mke2fs", "debugfs"]:
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: `make hil` installs what this needs")
    sys.exit(main())
