"""What a power cut leaves: the disk as it was at any moment, with what it had not promised lost.

QEMU logs each write and each flush of the data disk (its `blklogwrites` driver, in the format of the
kernel's dm-log-writes). A disk keeps what was written before its last flush; of what came later it may
keep any part, in any order. So a cut after entry k is: everything up to the last flush before k, and of
the rest some, chosen by chance.
"""

import random
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

MAGIC = 0x6A736677736872
FLUSH, DISCARD = 1, 4


@dataclass
class Entry:
    """One write; `at`: where the log stood after it."""

    offset: int
    data: bytes
    flush: bool
    at: int


def read_log(path: Path) -> list[Entry]:
    """The writes in their order. One that was being logged when QEMU was killed is left out."""
    log = path.read_bytes()
    magic, _version, _entries, sector = struct.unpack_from("<QQQI", log)
    if magic != MAGIC:
        raise SystemExit(f"{path} is no log of writes")
    entries = []
    at = sector
    while at + sector <= len(log):
        place, count, flags, _length = struct.unpack_from("<QQQQ", log, at)
        if place == count == flags == 0:
            break
        at += sector
        size = 0 if flags & DISCARD else count * sector
        if at + size > len(log):
            break
        data = log[at : at + size] if not flags & DISCARD else bytes(count * sector)
        at += size
        entries.append(Entry(place * sector, data, bool(flags & FLUSH), at))
    return entries


class Cuts:
    """Disks as power cuts leave them, one after the other."""

    def __init__(self, before: Path, entries: list[Entry], work: Path, seed: int):
        self.entries = entries
        self.chance = random.Random(seed)
        self.disk = work / "cut.img"
        # Everything up to the last flush.
        self.kept = work / "kept.img"
        shutil.copy(before, self.kept)
        self.done = 0

    def after(self, k: int) -> Path:
        """The disk after a cut behind entry k; k must not fall from one call to the next."""
        flushes = [n for n in range(self.done, k) if self.entries[n].flush]
        if flushes:
            self._write(self.kept, self.entries[self.done : flushes[-1] + 1])
            self.done = flushes[-1] + 1
        shutil.copy(self.kept, self.disk)
        rest = self.entries[self.done : k]
        kept = [entry for entry in rest if self.chance.random() < 0.5]
        self.chance.shuffle(kept)
        self._write(self.disk, kept)
        return self.disk

    def _write(self, disk: Path, entries: list[Entry]) -> None:
        with disk.open("r+b") as file:
            for entry in entries:
                file.seek(entry.offset)
                file.write(entry.data)


def read_file(disk: Path, name: str) -> bytes:
    """A file of that disk, after the recovery that a mount would make."""
    checked = subprocess.run(["e2fsck", "-p", disk], check=False, capture_output=True, text=True)
    # 1: recovered. More: what a journal does not mend, and a box without a person cannot.
    if checked.returncode > 1:
        raise SystemExit(f"the file system is damaged: {checked.stdout}{checked.stderr}")
    command = ["debugfs", "-R", f"cat {name}", disk]
    return subprocess.run(command, capture_output=True, check=True).stdout
