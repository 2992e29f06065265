"""Power cuts amid configuration writes: always the old configuration or the new one."""

import json
import random
import shutil
import threading
import time
from pathlib import Path

import power_cut
import scenes
from guest import Guest
from vm import Failed, Machine

# As many writes are answered before QEMU is killed, and as many cuts are made of their log.
WRITES = 12
CUTS = 50
SEED = 1


class Disk:
    """The data disk of a guest, as it was at the start, and everything that was written to it since."""

    def __init__(self, guest: Guest):
        self.before, self.image = guest.folder / "before.img", guest.folder / "data.img"
        self.log = guest.folder / "writes.log"
        guest.make_disk(self.before, scenes.CONF)
        shutil.copy(self.before, self.image)
        self.log.unlink(missing_ok=True)


def cut(guest: Guest, disk: Disk, box: scenes.Box) -> str:
    """Power cut amid configuration writes: what was answered is kept, and the box rings after it."""
    machine = box.machine
    answered: list[int] = []
    machine.until("an answer", box.armed)
    began = time.monotonic()
    for write in range(WRITES):
        put(machine, write)
        # Everything of this write lies before this place in the log.
        answered.append(disk.log.stat().st_size)
    pace = (time.monotonic() - began) / WRITES
    Cutter(machine, pace * random.Random(SEED).random()).put(WRITES)
    found = check_cuts(disk, answered, guest.folder)
    # The disk as this very cut left it, in another box.
    after = restart(guest, disk.image)
    if after not in (WRITES - 1, WRITES):
        raise Failed(f"the box starts with configuration {after}, not {WRITES - 1} or {WRITES}")
    return f"{CUTS} cuts of {WRITES} writes: {found}; a box that starts from it has {after}"


def check_cuts(disk: Disk, answered: list[int], folder: Path) -> str:
    """Disks as cuts anywhere in the log would have left them."""
    entries = power_cut.read_log(disk.log)
    first = next(n for n, entry in enumerate(entries) if entry.at > answered[0])
    chance = random.Random(SEED)
    places = sorted(chance.randrange(first, len(entries) + 1) for _ in range(CUTS))
    cuts = power_cut.Cuts(disk.before, entries, folder, SEED)
    old = new = 0
    for place in places:
        text = power_cut.read_file(cuts.after(place), "conf.json")
        at = entries[place - 1].at
        kept = max(n for n, end in enumerate(answered) if end <= at or n == 0)
        write = number_of(json.loads(text))
        if write == kept:
            old += 1
        elif write == kept + 1:
            new += 1
        else:
            raise Failed(f"after entry {place} of the log: {write}, neither {kept} nor {kept + 1}")
    return f"{old} leave the old one, {new} the new one"


def restart(guest: Guest, disk: Path) -> int:
    machine = guest.start(disk)
    try:
        machine.wait_until_up()
        box = scenes.Box(machine)
        box.plug_in_chip()
        box.level(23, True)
        box.wait_for_board(True)
        rings = box.rings("GPIO23")
        box.level(23, False)
        box.wait_for_rings("GPIO23", rings + 1, "a ring")
        return number_of(machine.ask("GET", "/api/config", password=scenes.PASSWORD))
    finally:
        machine.cut_power()


class Cutter:
    """Kills QEMU so long after a write was asked for."""

    def __init__(self, machine: Machine, seconds: float):
        self.machine = machine
        self.seconds = seconds

    def put(self, write: int) -> None:
        asked = threading.Thread(target=lambda: put(self.machine, write, quietly=True))
        asked.start()
        time.sleep(self.seconds)
        self.machine.cut_power()
        asked.join()


def put(machine: Machine, write: int, quietly: bool = False) -> None:
    trigger = {"type": "api", "music_file": "ramp.wav", "name": f"write {write} {'x' * 150}"}
    ask = machine.try_to_ask if quietly else machine.ask
    ask("PUT", "/api/triggers/POWER", trigger, scenes.PASSWORD)


def number_of(conf: dict) -> int:
    return int(conf["triggers"]["POWER"]["name"].split()[1])
