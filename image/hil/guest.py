"""The guest: Debian's kernel and userland unpacked into an initramfs, and the box as it ships.

The real unit, user and rules of `data/`; only the sound card and the GPIO chip are made of memory.
Its data is on a disk, with the file system and the options of the image.
"""

import json
import shutil
import subprocess
import wave
from array import array
from pathlib import Path

from debian import Debian, unpack

import gpio_sim
from vm import AGENT, COUNTED, Machine, accept, listen

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data"

PACKAGES = [
    "alsa-utils", "busybox-static", "ca-certificates", "gpiod", "kmod", "libasound2", "mount", "systemd", "systemd-sysv", "udev",
]  # fmt: skip
# What the guest loads at its start, in this order.
MODULES = ["virtio_pci", "virtio_console", "virtio_blk", "ext4", "virtio_net", "configfs", "snd-aloop"]
FLAVOUR = {"amd64": "linux-image-amd64", "arm64": "linux-image-arm64"}

# Nobody logs in, nothing is mounted that a bell would use: sooner up.
LEFT_OUT = [
    "getty.target", "systemd-logind.service", "systemd-timesyncd.service", "dev-hugepages.mount",
    "dev-mqueue.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "modprobe@.service",
    "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-user-sessions.service",
    "systemd-pstore.service", "systemd-random-seed.service", "kmod-static-nodes.service",
    "systemd-remount-fs.service", "proc-sys-fs-binfmt_misc.automount", "e2scrub_reap.service",
]  # fmt: skip

RATE = 48_000


class Guest:
    """What QEMU boots, for one architecture."""

    def __init__(self, arch: str, folder: Path):
        self.arch = arch
        self.folder = folder / arch
        self.debian = Debian(arch, self.folder / "debian")
        host_arch = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
        self.host = self.debian
        if host_arch != arch:
            self.host = Debian(host_arch, folder / host_arch / "debian")
        depends = self.debian.field(FLAVOUR[arch], "Depends")
        self.release = depends.split()[0].removeprefix("linux-image-")
        self.kernel = self.folder / f"vmlinuz-{self.release}"
        self.initramfs = self.folder / "initramfs"

    def build(self, binary: Path) -> None:
        """Everything but the program is made once for each version of Debian's packages."""
        base = self.folder / "base.cpio"
        debs = self.debian.closure(PACKAGES)
        names = [self.release, *sorted(deb.name for deb in debs)]
        made_of = json.dumps([names, (HERE / "guest.py").read_text()])
        record = self.folder / "base.of"
        if not base.exists() or not record.exists() or record.read_text() != made_of:
            root = self.folder / "root"
            shutil.rmtree(root, ignore_errors=True)
            for deb in debs:
                unpack(deb, root)
            self._take_kernel(root)
            furnish(root)
            pack(root, base)
            shutil.rmtree(root)
            record.write_text(made_of)
        self._add_box(binary, base)

    def _take_kernel(self, root: Path) -> None:
        whole = self.folder / "kernel"
        shutil.rmtree(whole, ignore_errors=True)
        unpack(self.debian.single(f"linux-image-{self.release}"), whole)
        shutil.copy(whole / f"boot/vmlinuz-{self.release}", self.kernel)
        modules = Path("usr/lib/modules") / self.release
        module = gpio_sim.build(self.debian, self.host, self.release, self.folder)
        (whole / modules / "extra").mkdir()
        shutil.copy(module, whole / modules / "extra/gpio-sim.ko")
        subprocess.run(["depmod", "--basedir", whole, self.release], check=True)
        wanted = set()
        for name in [*MODULES, "gpio-sim"]:
            command = ["modprobe", "--dirname", whole, "--set-version", self.release]
            shown = subprocess.check_output([*command, "--show-depends", "--ignore-install", name], text=True)
            wanted |= {line.split()[1] for line in shown.splitlines() if line.startswith("insmod")}
        for path in wanted:
            inside = Path(path).resolve().relative_to(whole.resolve())
            (root / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / inside)
        for name in ["modules.builtin", "modules.order", "modules.builtin.modinfo"]:
            shutil.copy(whole / modules / name, root / modules)
        subprocess.run(["depmod", "--basedir", root, self.release], check=True)
        shutil.rmtree(whole)

    def _add_box(self, binary: Path, base: Path) -> None:
        """A second archive behind the first: the kernel unpacks both."""
        box = self.folder / "box"
        shutil.rmtree(box, ignore_errors=True)
        for source, target in [
            (binary, "usr/bin/beffroi"),
            (DATA / "systemd/beffroi.service", "usr/lib/systemd/system/beffroi.service"),
            (DATA / "udev/60-beffroi.rules", "usr/lib/udev/rules.d/60-beffroi.rules"),
            (DATA / "sysusers.d/beffroi.conf", "usr/lib/sysusers.d/beffroi.conf"),
        ]:
            (box / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, box / target)
        cross = "" if self.debian is self.host else gpio_sim.CROSS[self.debian.arch]
        subprocess.run([f"{cross}strip", box / "usr/bin/beffroi"], check=True)
        link(box, "etc/systemd/system/multi-user.target.wants/beffroi.service")
        pack(box, self.folder / "box.cpio")
        with self.initramfs.open("wb") as whole:
            for part in [base, self.folder / "box.cpio"]:
                whole.write(part.read_bytes())

    def start(self, disk: Path, log: Path | None = None) -> Machine:
        """Boots it; `log`: where every write to the disk is logged."""
        drive = ["-blockdev", f"driver=file,node-name=disk,filename={disk}"]
        if log:
            log.touch()
            drive += ["-blockdev", f"driver=file,node-name=log,filename={log}"]
            drive += ["-blockdev", "driver=blklogwrites,node-name=data,file=disk,log=log"]
        else:
            drive += ["-blockdev", "driver=raw,node-name=data,file=disk"]
        board = listen(self.folder / "board")
        devices = [
            *drive, "-device", "virtio-blk-pci,drive=data",
            "-chardev", f"socket,id=board,path={self.folder}/board", "-device", "pci-serial,chardev=board",
        ]  # fmt: skip
        options = "rdinit=/init quiet systemd.show_status=0"
        machine = Machine(self.arch, self.folder, self.kernel, self.initramfs, options, devices, COUNTED)
        machine.board = accept(board)
        return machine

    def make_disk(self, disk: Path, conf: dict) -> None:
        """A data disk with a configuration and one sound on it."""
        content = self.folder / "content"
        shutil.rmtree(content, ignore_errors=True)
        (content / "musiques").mkdir(parents=True)
        (content / "conf.json").write_text(json.dumps(conf))
        (content / "conf.json").chmod(0o600)
        write_ramp(content / "musiques/ramp.wav")
        disk.unlink(missing_ok=True)
        make = ["mke2fs", "-qq", "-t", "ext4", "-L", "beffroi-data", "-E", "root_owner=0:0"]
        subprocess.run([*make, "-d", content, disk, "64M"], check=True)


def furnish(root: Path) -> None:
    """What an installation would have written, and the agent that does what we ask."""
    (root / "init").symlink_to("/lib/systemd/systemd")
    for folder in ["dev", "etc", "proc", "run", "sys", "tmp", "root", "var/lib/beffroi"]:
        (root / folder).mkdir(parents=True, exist_ok=True)
    busybox = ["sh", "base64", "cat", "chmod", "chown", "cp", "cut", "date", "grep", "hexdump", "ip"]
    busybox += ["ls", "mkdir", "mkfifo", "mv", "ps", "pwd", "rm", "sed", "seq", "sleep", "stat", "stty"]
    busybox += ["tail", "test", "timeout", "tr", "usleep", "wc", "kill", "head", "printf", "sync", "ln"]
    for name in busybox:
        path = root / "usr/bin" / name
        path.unlink(missing_ok=True)
        path.symlink_to("busybox")
    for name, text in ETC.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    # As the package's installation makes it.
    trusted = sorted((root / "usr/share/ca-certificates/mozilla").glob("*.crt"))
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(b"".join(certificate.read_bytes() for certificate in trusted))
    (root / "etc/modules-load.d/hil.conf").write_text("\n".join([*MODULES, ""]))
    for unit in ["hil-agent.service", "hil-busy.service", "hil-network.service", "var-lib-beffroi.mount"]:
        link(root, f"etc/systemd/system/multi-user.target.wants/{unit}")
    link(root, "etc/systemd/system/default.target", "multi-user.target")
    for unit in LEFT_OUT:
        link(root, f"etc/systemd/system/{unit}", "/dev/null")


def link(root: Path, name: str, target: str | None = None) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if target is None:
        found = "etc" if (root / "etc/systemd/system" / path.name).exists() else "usr/lib"
        target = f"/{found}/systemd/system/{path.name}"
    path.symlink_to(target)


def pack(root: Path, archive: Path) -> None:
    names = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, capture_output=True).stdout
    with archive.open("wb") as out:
        command = ["cpio", "--null", "--create", "--format=newc", "--owner=0:0", "--quiet"]
        subprocess.run(command, cwd=root, input=names, stdout=out, check=True)


def write_ramp(path: Path) -> None:
    """One second in which each frame says which one it is: left its number, right the same downwards."""
    frames = array("h")
    for frame in range(RATE):
        value = 4_000 + frame // 2
        frames.extend([value, -value])
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames.tobytes())


ETC = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/hostname": "beffroi\n",
    "etc/hosts": "127.0.0.1 localhost beffroi\n",
    # Known beforehand: a first boot would enable every unit there is.
    "etc/machine-id": "b" * 32 + "\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "etc/systemd/journald.conf.d/hil.conf": "[Journal]\nStorage=volatile\n",
    # As wide as on the box, but sooner: a test waits for it.
    "etc/systemd/system/beffroi.service.d/hil.conf": "[Service]\nWatchdogSec=4\n",
    "usr/lib/hil/agent": AGENT,
    # The port that QEMU puts on the PCI bus; a PC has others.
    "etc/udev/rules.d/70-hil.rules": 'SUBSYSTEM=="tty", SUBSYSTEMS=="pci", KERNEL=="ttyS*", SYMLINK+="board"\n',
    "etc/systemd/system/hil-agent.service": (
        "[Unit]\nAfter=systemd-modules-load.service systemd-udev-settle.service\nStartLimitIntervalSec=0\n"
        "[Service]\nExecStart=/bin/sh /usr/lib/hil/agent\nRestart=always\n"
    ),
    # What is done where there is nothing to do: a clock that counts instructions needs some.
    "etc/systemd/system/hil-busy.service": (
        "[Unit]\nDefaultDependencies=no\n"
        "[Service]\nCPUSchedulingPolicy=idle\nExecStart=/bin/sh -c 'while :; do :; done'\n"
    ),
    "etc/systemd/system/hil-network.service": (
        "[Unit]\nDefaultDependencies=no\nBefore=network.target\nAfter=systemd-modules-load.service\n"
        "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
        "ExecStart=/bin/sh -c 'ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0'\n"
    ),
    "etc/systemd/system/var-lib-beffroi.mount": (
        "[Unit]\nBefore=beffroi.service\nRequires=dev-vda.device\nAfter=dev-vda.device\n"
        "[Mount]\nWhat=/dev/vda\nWhere=/var/lib/beffroi\nType=ext4\nOptions=noatime\n"
    ),
}
