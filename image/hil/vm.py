"""A virtual machine under QEMU, and a shell in it."""

import base64
import json
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

# Longer than anything takes on a busy machine; what is waited for usually comes at once.
PATIENCE_SECONDS = 300

QEMU = {
    # Never with KVM: the same on every machine, also where there is a /dev/kvm that does not work.
    "amd64": ["qemu-system-x86_64", "-machine", "q35", "-cpu", "max", "-accel", "tcg,thread=multi"],
    "arm64": ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi"],
}  # fmt: skip
# On a busy machine the timer that a PC's kernel checks at its start is late, and it would panic.
OPTIONS = {"amd64": "console=ttyS0 no_timer_check", "arm64": "console=ttyAMA0"}


class Failed(Exception):
    """A scene went otherwise than it should."""


class Machine:
    """One run of the guest."""

    def __init__(self, arch: str, kernel: Path, initramfs: Path, disk: Path, log: Path | None = None):
        self.folder = disk.parent
        self.console = self.folder / "console.log"
        for name in ["agent", "board"]:
            (self.folder / name).unlink(missing_ok=True)
        self._board = socket.socket(socket.AF_UNIX)
        self._board.bind(str(self.folder / "board"))
        self._board.listen(1)
        agent = socket.socket(socket.AF_UNIX)
        agent.bind(str(self.folder / "agent"))
        agent.listen(1)
        self.port = free_port()
        drive = ["-blockdev", f"driver=file,node-name=disk,filename={disk}"]
        if log:
            log.touch()
            drive += ["-blockdev", f"driver=file,node-name=log,filename={log}"]
            drive += ["-blockdev", "driver=blklogwrites,node-name=data,file=disk,log=log"]
        else:
            drive += ["-blockdev", "driver=raw,node-name=data,file=disk"]
        options = f"{OPTIONS[arch]} rdinit=/init quiet net.ifnames=0 systemd.show_status=0"
        command = [
            *QEMU[arch], "-m", "1024", "-smp", "2", "-nographic", "-no-reboot",
            "-kernel", kernel, "-initrd", initramfs, "-append", options,
            *drive, "-device", "virtio-blk-pci,drive=data",
            "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-10.0.2.15:8443",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,path={self.folder}/agent",
            "-device", "virtserialport,chardev=agent,name=hil",
            "-chardev", f"socket,id=board,path={self.folder}/board",
            "-device", "pci-serial,chardev=board",
            "-serial", f"file:{self.console}", "-monitor", "none",
        ]  # fmt: skip
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        agent.settimeout(PATIENCE_SECONDS)
        self._agent, _ = agent.accept()
        self._agent.settimeout(PATIENCE_SECONDS)
        self._said = self._agent.makefile("r")
        self.board, _ = self._board.accept()
        self._password = ""

    def wait_until_up(self) -> None:
        """The agent answers."""
        if self._said.readline().strip() != "ready":
            raise Failed(f"the guest did not start: see {self.console}")

    def run(self, script: str) -> str:
        """What a line of shell says in the guest; it must succeed."""
        code, said = self.attempt(script)
        if code != 0:
            raise Failed(f"{script!r} ended with {code}: {said}")
        return said

    def attempt(self, script: str) -> tuple[int, str]:
        """The exit code of a line of shell in the guest, and what it said."""
        code, said = self._exchange(script)
        return code, said.decode(errors="replace")

    def read(self, path: str) -> bytes:
        """A file of the guest."""
        return self._exchange(f"cat {path}")[1]

    def _exchange(self, script: str) -> tuple[int, bytes]:
        self._agent.sendall(base64.b64encode(script.encode()) + b"\n")
        code, _, said = self._said.readline().partition(" ")
        return int(code), base64.b64decode(said)

    def until(self, what: str, look, seconds: float = 30.0):
        """Looks again and again until there is something to see."""
        limit = time.monotonic() + seconds
        while True:
            if found := look():
                return found
            if time.monotonic() > limit:
                raise Failed(f"never {what}")
            time.sleep(0.05)

    def ask(self, method: str, route: str, body: dict | None = None, password: str = "") -> dict | list:
        """One call of the API, from the host."""
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{route}", method=method)
        if password:
            word = base64.b64encode(f"admin:{password}".encode()).decode()
            request.add_header("Authorization", f"Basic {word}")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        with urllib.request.urlopen(request, data, 30, context=TRUSTING) as answer:
            return json.load(answer)

    def try_to_ask(self, method: str, route: str, body: dict | None = None, password: str = ""):
        """Likewise; nothing where nobody answers."""
        try:
            return self.ask(method, route, body, password)
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            return None

    def cut_power(self) -> None:
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The box's certificate is its own.
TRUSTING = ssl._create_unverified_context()
