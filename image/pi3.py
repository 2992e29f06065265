"""A Raspberry Pi 3 as QEMU plays one: the image's own device tree, the Pi's own GPIO chip, no firmware."""

import struct
import subprocess
from pathlib import Path

from vm import Failed, Machine, free_port

SECTOR = 512
BOOT_PARTITION = 0
# QEMU takes a card of a power of two only.
CARD_BYTES = 1 << 30
# QEMU's watchdog resets the Pi the moment that it is started.
OPTIONS = "console=ttyS1,115200 root=LABEL=beffroi-root ro rootwait net.ifnames=0 panic=10 modprobe.blacklist=bcm2835_wdt"


class Pi3(Machine):
    """One run of the image; no agent in it, only what the network shows."""

    def __init__(self, folder: Path, image: Path):
        self.card = folder / "pi3.img"
        subprocess.run(["cp", "--sparse=always", image, self.card], check=True)
        with self.card.open("r+b") as card:
            card.truncate(CARD_BYTES)
        kernel, initramfs, tree = (self.copy(name) for name in ["vmlinuz", "initrd.img", "bcm2837-rpi-3-b.dtb"])
        self.console = folder / "pi3.log"
        self.port = free_port()
        command = [
            "qemu-system-aarch64", "-machine", "raspi3b", "-accel", "tcg,thread=multi", "-smp", "4", "-m", "1024",
            "-nographic", "-no-reboot", "-monitor", "none",
            "-kernel", kernel, "-initrd", initramfs, "-dtb", tree, "-append", OPTIONS,
            "-drive", f"if=sd,format=raw,file={self.card}",
            "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:8443", "-device", "usb-net,netdev=net",
            "-audiodev", "none,id=sound", "-device", "usb-audio,audiodev=sound",
            "-serial", "null", "-serial", f"file:{self.console}",
        ]  # fmt: skip
        # What its USB network does not understand, it says over and over.
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def copy(self, name: str) -> Path:
        """A file of the card's boot partition."""
        with self.card.open("rb") as card:
            card.seek(446 + 16 * BOOT_PARTITION + 8)
            (start,) = struct.unpack("<I", card.read(4))
        into = self.card.with_name(f"pi3-{name}")
        source = ["-i", f"{self.card}@@{start * SECTOR}", f"::/{name}", into]
        if subprocess.run(["mcopy", "-n", "-o", *source], stderr=subprocess.DEVNULL).returncode != 0:
            raise Failed(f"{name} is not on the card")
        return into


def rings(folder: Path, image: Path) -> str:
    """On QEMU's Raspberry Pi 3: the Pi's own GPIO chip is the board, and a ring is played to its end."""
    box = Pi3(folder, image)
    try:
        health = box.until("an answer", lambda: box.try_to_ask("GET", "/api/health"), 600)
        [board] = health["board"]["boards"]
        if not board["ready"] or not board["detail"].startswith("pinctrl-bcm2835 "):
            raise Failed(f"the board is {board}")
        box.until("a sound card", lambda: box.ask("GET", "/api/health")["audio"]["ready"], 120)
        password = box.copy("beffroi-password.txt").read_text().strip()
        box.ask("POST", "/api/play/TEST", password=password)

        def played() -> bool:
            return box.ask("GET", "/api/journal?limit=1", password=password)[0]["outcome"] == "played"

        # QEMU's USB is slower than a sound: it is played, not in time.
        box.until("played", played, 120)
        return board["detail"]
    finally:
        box.cut_power()
        for file in folder.glob("pi3-*"):
            file.unlink()
        box.card.unlink()
