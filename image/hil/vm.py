"""A virtual machine under QEMU, and a shell in it."""

import base64
import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

# Longer than anything takes on a busy machine; what is waited for usually comes at once.
PATIENCE_SECONDS = 300

# Never with KVM: the same on every machine, also where there is a /dev/kvm that does not work.
ACCELERATOR = ["-accel", "tcg,thread=multi", "-smp", "2"]
# The guest's clock counts instructions, 4 ns each: however busy this machine is, no deadline in the guest is missed
# for that. It must never be idle then, as its clock would follow ours again: see hil-busy.service.
COUNTED = ["-accel", "tcg", "-icount", "shift=2"]
QEMU = {
    "amd64": ["qemu-system-x86_64", "-machine", "q35", "-cpu", "max"],
    "arm64": ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"],
}  # fmt: skip
# On a busy machine the timer that a PC's kernel checks at its start is late, and it would panic.
OPTIONS = {"amd64": "console=ttyS0 no_timer_check", "arm64": "console=ttyAMA0"}


# Does what the host asks, a script a line, and answers with its exit code and what it said.
AGENT = r"""#!/bin/sh
exec 3<>/dev/virtio-ports/agent
echo ready >&3
while read -r line <&3; do
	echo "$line" | busybox base64 -d >/run/agent.sh
	sh /run/agent.sh >/run/agent.out 2>&1 </dev/null
	code=$?
	{ printf '%s ' $code; busybox base64 /run/agent.out | tr -d '\n'; echo; } >&3
done
"""


class Failed(Exception):
    """A scene went otherwise than it should."""


class Machine:
    """One run of a guest, with an agent in it that does what it is asked."""

    def __init__(self, arch: str, folder: Path, kernel: Path, initramfs: Path, options: str, devices: list, accelerator: list):
        self.console = folder / "console.log"
        agent = listen(folder / "agent")
        self.port = free_port()
        command = [
            *QEMU[arch], *accelerator, "-m", "1024", "-nographic", "-no-reboot", "-monitor", "none",
            "-kernel", kernel, "-initrd", initramfs, "-append", f"{OPTIONS[arch]} net.ifnames=0 {options}",
            "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:8443",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-serial-pci", "-chardev", f"socket,id=agent,path={folder}/agent",
            "-device", "virtserialport,chardev=agent,name=agent",
            "-serial", f"file:{self.console}", *devices,
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._agent = accept(agent)
        self._said = self._agent.makefile("r")
        self.up = False

    def wait_until_up(self) -> None:
        """The agent answers."""
        if self._said.readline().strip() != "ready":
            raise Failed(f"the guest did not start: see {self.console}")
        self.up = True

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

    def text(self, route: str, password: str) -> str:
        """An answer that is no JSON."""
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{route}")
        word = base64.b64encode(f"admin:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {word}")
        with urllib.request.urlopen(request, None, 30, context=TRUSTING) as answer:
            return answer.read().decode()

    def try_to_ask(self, method: str, route: str, body: dict | None = None, password: str = ""):
        """Likewise; nothing where nobody answers."""
        try:
            return self.ask(method, route, body, password)
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            return None

    def shut_down(self, script: str) -> None:
        """Does what ends the guest, whose answer may be lost with it."""
        self._agent.sendall(base64.b64encode(script.encode()) + b"\n")
        self.process.wait(PATIENCE_SECONDS)

    def cut_power(self) -> None:
        self.process.kill()
        self.process.wait()


def listen(path: Path) -> socket.socket:
    """A socket that QEMU connects to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(1)
    return listener


def accept(listener: socket.socket) -> socket.socket:
    listener.settimeout(PATIENCE_SECONDS)
    accepted, _ = listener.accept()
    accepted.settimeout(PATIENCE_SECONDS)
    return accepted


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The box's certificate is its own.
TRUSTING = ssl._create_unverified_context()
