#!/usr/bin/env python3
"""Boots the image under QEMU and rings it: armed, heard, read-only, kept over a second start.

    image/boot.py [IMAGE]

QEMU does not run the Pi's firmware: kernel and initramfs are those of the image, the board is QEMU's own,
and a USB card records what is heard. At the end it starts on QEMU's Raspberry Pi 3, too.
"""

import hashlib
import struct
import subprocess
import sys
from array import array
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "hil"), str(HERE)]

import pi3
from tell import tell
from vm import ACCELERATOR, AGENT, Failed, Machine

TARGET = HERE.parent / "target/image"
# A card larger than the image: its data partition is to grow.
CARD_BYTES = 2 << 30
ROOT_PARTITION = 1
RATE, CHANNELS = 48_000, 2
# Before the box's own start: what is put into /run is there in the system that comes.
INIT = """#!/bin/busybox sh
busybox mkdir -p /run
busybox mount -t tmpfs -o mode=755,nosuid,nodev run /run
busybox cp -a /test/. /run/
exec /sbin/start-box
"""
# What it calls itself on the network is told in its log only.
TALK = "[Service]\nEnvironment=SYSTEMD_LOG_LEVEL=debug\n"
# Its port comes when udev has seen it: until then it is started again.
UNIT = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sh /run/agent\nRestart=always\n"


def main() -> int:
    images = [Path(name) for name in sys.argv[1:]] or sorted(TARGET.glob("beffroi-*-arm64.img"))
    if not images:
        sys.exit("there is no image: `make image` makes one")
    card = TARGET / "card.img"
    subprocess.run(["cp", "--sparse=always", images[-1], card], check=True)
    with card.open("r+b") as file:
        file.truncate(CARD_BYTES)
    root = digest_of_root(card)
    right = tell(first_start.__doc__, lambda: run(card, first_start))
    right &= tell(heard.__doc__, heard)
    right &= tell("After it the root is what it was, bit by bit.", lambda: same(root, card))
    right &= tell(second_start.__doc__, lambda: run(card, second_start))
    right &= tell("And still is.", lambda: same(root, card))
    right &= tell(pi3.rings.__doc__, lambda: pi3.rings(TARGET, images[-1]))
    packed = images[-1].with_name(f"{images[-1].name}.zst")
    sizes = [f"{path.stat().st_size / 1e6:.0f} MB" for path in [images[-1], packed] if path.exists()]
    print(f"the image: {', packed '.join(sizes)}")
    card.unlink()
    return 0 if right else 1


def first_start(box: Machine) -> str:
    """The first start: the box claims itself, rings over HTTPS, and is heard."""
    box.until("an answer", lambda: box.try_to_ask("GET", "/api/health"), 300)
    password = box.run("cat /boot/firmware/beffroi-password.txt").strip()
    box.until("a sound card", lambda: box.ask("GET", "/api/health")["audio"]["ready"], 120)
    box.ask("POST", "/api/play/TEST", password=password)

    def played() -> bool:
        return box.ask("GET", "/api/journal?limit=1", password=password)[0]["outcome"] == "played"

    box.until("played", played)
    trigger = {"type": "api", "music_file": "chime.flac"}
    box.ask("PUT", "/api/triggers/KEPT", trigger, password)
    said = [armed(box), memory(box), quiet(box)]
    code, _ = box.attempt("touch /x /usr/x /etc/x")
    expect(code != 0, True, "the root is read-only")
    grown = int(box.run("df -m /data | tail -n 1").split()[1])
    if grown < 1200:
        raise Failed(f"the data partition has {grown} MB")
    named = "journalctl -b --no-pager -u systemd-resolved | grep -q 'beffroi.local IN A .* successfully probed'"
    box.until("called beffroi.local", lambda: box.attempt(named)[0] == 0)
    expect(box.attempt("cat /proc/*/comm | grep -q dropbear")[0], 1, "ssh is off")
    return ", ".join([*said, f"data {grown} MB"])


def second_start(box: Machine) -> str:
    """The second start: what was configured is kept, and no unit has failed."""
    box.until("an answer", lambda: box.try_to_ask("GET", "/api/health"), 300)
    password = box.run("cat /boot/firmware/beffroi-password.txt").strip()
    triggers = box.ask("GET", "/api/triggers", password=password)
    expect("KEPT" in triggers, True, "the trigger of the first start")
    return ", ".join([armed(box), memory(box), quiet(box)])


def armed(box: Machine) -> str:
    microseconds = int(box.run("systemctl show -P ActiveEnterTimestampMonotonic beffroi"))
    return f"armed {microseconds / 1e6:.1f} s after the kernel's start"


def memory(box: Machine) -> str:
    lines = dict(line.split(":") for line in box.run("cat /proc/meminfo").splitlines())
    used = sum(sign * int(lines[name].split()[0]) for name, sign in [("MemTotal", 1), ("MemAvailable", -1)])
    service = int(box.run("systemctl show -P MemoryCurrent beffroi")) / 1e6
    return f"{used / 1000:.0f} MB of memory in use, {service:.0f} of them the service"


def quiet(box: Machine) -> str:
    box.until("started", lambda: "running" in box.attempt("systemctl is-system-running")[1], 120)
    failed = box.run("systemctl --failed --no-legend --plain").strip()
    expect(failed, "", "failed units")
    return "no unit failed"


def run(card: Path, start) -> str:
    """Boots, does what `start` does, and shuts down as a person would."""
    devices = [
        # A Pi has no clock that runs while it is off.
        "-rtc", "base=1970-01-01T00:00:00",
        "-drive", f"if=none,id=card,format=raw,file={card}", "-device", "virtio-blk-pci,drive=card",
        "-device", "qemu-xhci", "-audiodev", f"wav,id=sound,path={TARGET}/heard.wav,out.frequency={RATE},out.channels={CHANNELS}",
        "-device", "usb-audio,audiodev=sound",
    ]  # fmt: skip
    initramfs = with_agent()
    options = "root=LABEL=beffroi-root ro panic=10 quiet"
    box = Machine("arm64", TARGET, TARGET / "vmlinuz", initramfs, options, devices, ACCELERATOR)
    try:
        box.wait_until_up()
        said = start(box)
        box.shut_down("systemctl poweroff")
        return said
    except Failed:
        if box.process.poll() is None and box.up:
            print(box.attempt("systemctl --failed --no-legend; journalctl -b --no-pager | tail -n 60")[1])
        raise
    finally:
        box.cut_power()


def with_agent() -> Path:
    """The image's initramfs, and behind it what lets us ask the running system."""
    extra = TARGET / "extra"
    wants = extra / "test/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (extra / "init").write_text(INIT)
    (extra / "init").chmod(0o755)
    (extra / "test/agent").write_text(AGENT)
    (extra / "test/systemd/system/agent.service").write_text(UNIT)
    talk = extra / "test/systemd/system/systemd-resolved.service.d/talk.conf"
    talk.parent.mkdir(exist_ok=True)
    talk.write_text(TALK)
    if not (wants / "agent.service").is_symlink():
        (wants / "agent.service").symlink_to("../agent.service")
    names = subprocess.run(["find", ".", "-print0"], cwd=extra, check=True, capture_output=True).stdout
    command = ["cpio", "--null", "--create", "--format=newc", "--owner=0:0", "--quiet"]
    packed = subprocess.run(command, cwd=extra, input=names, check=True, capture_output=True).stdout
    whole = TARGET / "initrd-with-agent.img"
    first = (TARGET / "initrd.img").read_bytes()
    # Each archive begins at a multiple of 4.
    whole.write_bytes(first + bytes(-len(first) % 4) + packed)
    return whole


def digest_of_root(card: Path) -> str:
    with card.open("rb") as file:
        file.seek(446 + 16 * ROOT_PARTITION + 8)
        start, count = struct.unpack("<II", file.read(8))
        file.seek(start * 512)
        digest = hashlib.sha256()
        for _ in range(count * 512 // (1 << 20)):
            digest.update(file.read(1 << 20))
        return digest.hexdigest()


def same(root: str, card: Path) -> str:
    expect(digest_of_root(card), root, "the root's sum")
    return ""


def heard() -> str:
    """What the USB card was given is the tone, of one second."""
    samples = array("h", (TARGET / "heard.wav").read_bytes()[44:][: 2 * CHANNELS * RATE * 600])
    seconds = sum(abs(sample) > 100 for sample in samples[::CHANNELS]) / RATE
    if not 0.7 < seconds < 1.1:
        raise Failed(f"{seconds:.2f} s were heard of a tone of one second")
    return f"{seconds:.2f} s"


def expect(found, wanted, what: str) -> None:
    if found != wanted:
        raise Failed(f"{what}: {found!r}, not {wanted!r}")


if __name__ == "__main__":
    sys.exit(main())
