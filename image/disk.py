"""A card as a file: a table of partitions, three file systems, and how they are published."""

import hashlib
import os
import shutil
import struct
import subprocess
from pathlib import Path

MIB = 1024 * 1024
SECTOR = 512
# The table, and room for what some boards keep behind it.
FIRST_MIB = 4
BOOT_MIB = 128
# The last one, which grows with the card.
DATA_MIB = 32
FAT, LINUX = 0x0C, 0x83


def make(image: Path, root: Path, boot: Path, work: Path) -> None:
    """Partitions: the firmware's, the root, the data."""
    root_mib = round_up(used_mib(root) * 1.15 + 32)
    parts = [work / name for name in ["boot.img", "root.img", "data.img"]]
    make_fat(parts[0], boot)
    make_ext4(parts[1], root_mib, "beffroi-root", root, ["-O", "^has_journal"])
    data = work / "data"
    for folder in ["alsa", "beffroi", "clock", "ssh"]:
        (data / folder).mkdir(parents=True, exist_ok=True)
    (data / "beffroi").chmod(0o700)
    (data / "ssh").chmod(0o700)
    make_ext4(parts[2], DATA_MIB, "beffroi-data", data, ["-E", "root_owner=0:0"])
    shutil.rmtree(data)

    sizes = [BOOT_MIB, root_mib, DATA_MIB]
    image.unlink(missing_ok=True)
    with image.open("wb") as card:
        card.truncate((FIRST_MIB + sum(sizes)) * MIB)
        table, at = b"", FIRST_MIB
        for kind, part, size in zip([FAT, LINUX, LINUX], parts, sizes):
            table += struct.pack("<B3xB3xII", 0, kind, at * MIB // SECTOR, size * MIB // SECTOR)
            copy_into(card, part, at * MIB)
            at += size
            part.unlink()
        card.seek(440)
        card.write(os.urandom(4) + bytes(2) + table + bytes(16) + b"\x55\xaa")


def publish(image: Path) -> None:
    """What is put on a server: compressed, with its sum, and the map that writes only what is used."""
    subprocess.run(
        ["bmaptool", "--quiet", "create", "--output", image.with_suffix(".bmap"), image], check=True
    )
    packed = image.with_name(f"{image.name}.zst")
    subprocess.run(["zstd", "--quiet", "--force", "-10", "-T2", image, "-o", packed], check=True)
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    packed.with_name(f"{packed.name}.sha256").write_text(f"{digest}  {packed.name}\n")


def make_fat(part: Path, content: Path) -> None:
    part.unlink(missing_ok=True)
    subprocess.run(
        ["mkfs.vfat", "-F", "32", "-n", "BEFFROI", "-C", part, str(BOOT_MIB * 1024)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(["mcopy", "-s", "-i", part, *sorted(content.iterdir()), "::/"], check=True)


def make_ext4(part: Path, mib: int, label: str, content: Path, more: list[str]) -> None:
    part.unlink(missing_ok=True)
    command = ["mke2fs", "-qq", "-t", "ext4", "-m", "0", "-L", label, *more, "-d", content]
    subprocess.run([*command, part, f"{mib}M"], check=True)


def used_mib(folder: Path) -> float:
    said = subprocess.check_output(["du", "--summarize", "--block-size=1K", folder], text=True)
    return int(said.split()[0]) / 1024


def round_up(mib: float) -> int:
    return int(-(-mib // 16) * 16)


def copy_into(card, part: Path, at: int) -> None:
    """Holes stay holes."""
    with part.open("rb") as source:
        while chunk := source.read(MIB):
            if chunk.strip(b"\0"):
                card.seek(at)
                card.write(chunk)
            at += len(chunk)
