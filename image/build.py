#!/usr/bin/env python3
"""The SD-card image: Debian, the Pi's firmware, our package, a root that is never written.

    image/build.py PACKAGE.deb

No program of the image runs while it is made, so that it takes no root, no loop device and no emulation:
Debian's packages are unpacked, and what their scripts would have done and the box needs is done here.
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

import disk
from debian import Debian, unpack

TARGET = HERE.parent / "target/image"
PACKAGES = [
    "alsa-utils", "busybox-static", "dropbear-bin", "e2fsprogs", "fdisk", "kmod", "libasound2", "libidn2-0", "mount",
    "systemd", "systemd-resolved", "systemd-sysv", "systemd-timesyncd", "tzdata", "udev", "usr-is-merged",
    "util-linux",
]  # fmt: skip
# Without what they depend on: the names of the system, and certificates as files.
ALONE = ["base-files", "ca-certificates"]
# Names by which the scripts of the box and of Debian's units call busybox.
BUSYBOX = (
    "ash basename cat chmod chown cp cut date dirname echo env false grep head id ip ln ls mkdir mv ping printf ps"
    " readlink rm sed sh sleep sort stat sync tail test touch tr true uname vi wc"
).split()
# What a Pi's hardware, a sound card, a serial board and a virtual machine need of the kernel's modules.
MODULES = (
    "arch crypto lib sound/core sound/drivers sound/usb sound/soc/bcm sound/soc/codecs sound/soc/generic"
    " sound/soc/snd-soc-core.ko sound/soundcore.ko fs/configfs fs/ext4 fs/fat fs/jbd2 fs/mbcache.ko fs/nls"
    " drivers/block drivers/char/hw_random drivers/char/virtio_console.ko drivers/clk drivers/dma drivers/firmware drivers/gpio drivers/gpu/drm/vc4"
    " drivers/gpu/drm/display drivers/gpu/drm/drm.ko drivers/gpu/drm/drm_kms_helper.ko drivers/hid drivers/hwmon"
    " drivers/i2c drivers/input drivers/mailbox drivers/media/cec drivers/media/rc drivers/mfd drivers/mmc"
    " drivers/net/ethernet/broadcom/genet drivers/net/mdio drivers/net/phy drivers/net/usb drivers/net/virtio_net.ko"
    " drivers/net/net_failover.ko drivers/net/mii.ko drivers/nvmem drivers/pci drivers/phy drivers/pinctrl"
    " drivers/pwm drivers/regulator drivers/reset drivers/rtc drivers/scsi/scsi_mod.ko drivers/scsi/sd_mod.ko"
    " drivers/scsi/scsi_common.ko drivers/soc drivers/spi drivers/staging/vc04_services drivers/thermal"
    " drivers/tty drivers/usb drivers/virtio drivers/watchdog net/core net/ipv6"
).split()
# What of it is needed before the root is there.
EARLY = (
    "arch crypto lib fs/ext4 fs/jbd2 fs/mbcache.ko drivers/block/virtio_blk.ko drivers/clk drivers/dma"
    " drivers/firmware drivers/gpio drivers/mailbox drivers/mmc drivers/nvmem drivers/pci drivers/phy"
    " drivers/pinctrl drivers/regulator drivers/reset drivers/scsi drivers/soc drivers/usb/common"
    " drivers/usb/core drivers/usb/dwc2 drivers/usb/host drivers/usb/phy drivers/usb/roles drivers/usb/storage"
    " drivers/virtio"
).split()
ENABLED = {
    "local-fs.target.wants": ["beffroi-grow"],
    "sysinit.target.wants": ["systemd-timesyncd", "systemd-resolved"],
    "multi-user.target.wants": ["beffroi", "beffroi-claim", "beffroi-ssh", "systemd-networkd"],
}
# Nobody logs in at the box; what would be kept on a root that is never written is not tried.
MASKED = ["getty.target", "systemd-random-seed.service", "systemd-rfkill.service", "systemd-rfkill.socket",
          "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-logind.service",
          "systemd-pstore.service", "e2scrub_all.timer", "proc-sys-fs-binfmt_misc.automount", "fstrim.timer", "systemd-machine-id-commit.service",
          "alsa-store.service", "alsa-restore.service"]  # fmt: skip


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    package = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    debian = Debian("arm64", TARGET / "debian", "main non-free-firmware")
    release = debian.field("linux-image-arm64", "Depends").split()[0].removeprefix("linux-image-")
    debs = debian.closure(PACKAGES) + [debian.single(name) for name in ALONE]
    kernel, firmware = debian.single(f"linux-image-{release}"), debian.single("raspi-firmware")

    root, boot, early = (fresh(TARGET / name) for name in ["root", "boot", "early"])
    for deb in [*debs, package]:
        unpack(deb, root)
    whole = fresh(TARGET / "kernel")
    unpack(kernel, whole)
    modules = f"usr/lib/modules/{release}"
    subprocess.run(["depmod", "--basedir", whole, release], check=True)
    take_modules(whole, root, modules, release, MODULES)
    furnish(root)
    write_packages(root, [*debs, kernel, firmware, package])

    fill_early(early, root)
    take_modules(whole, early, modules, release, EARLY)
    fill_boot(boot, whole, release, firmware)
    pack_early(early, boot / "initrd.img")

    version = re.search(r"_([^_]+)_", package.name).group(1)
    image = TARGET / f"beffroi-{version}-arm64.img"
    disk.make(image, root, boot, TARGET)
    disk.publish(image)
    shutil.copy(root / "usr/share/beffroi/packages", image.with_suffix(".packages"))
    # For the test, which brings its own firmware.
    shutil.copy(whole / f"boot/vmlinuz-{release}", TARGET / "vmlinuz")
    shutil.copy(boot / "initrd.img", TARGET / "initrd.img")
    for folder in [root, boot, early, whole]:
        shutil.rmtree(folder)


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def take_modules(whole: Path, into: Path, modules: str, release: str, wanted: list[str]) -> None:
    for name in wanted:
        source, target = whole / modules / "kernel" / name, into / modules / "kernel" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, target)
    for name in ["modules.builtin", "modules.order", "modules.builtin.modinfo"]:
        shutil.copy(whole / modules / name, into / modules)
    # What the chosen ones use besides.
    needs = (whole / modules / "modules.dep").read_text().splitlines()
    here = {str(path.relative_to(into / modules)) for path in (into / modules).rglob("*.ko")}
    for line in needs:
        module, _, others = line.partition(":")
        for other in others.split() if module in here else []:
            if other not in here:
                (into / modules / other).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(whole / modules / other, into / modules / other)
    subprocess.run(["depmod", "--basedir", into, release], check=True)


def furnish(root: Path) -> None:
    """What installing the packages would have done."""
    shutil.copytree(HERE / "root", root, dirs_exist_ok=True)
    for name in BUSYBOX:
        path = root / "usr/bin" / name
        if not path.exists() and not path.is_symlink():
            path.symlink_to("busybox")
    units = root / "etc/systemd/system"
    for target, names in ENABLED.items():
        (units / target).mkdir(exist_ok=True)
        for name in names:
            unit = name if "." in name else f"{name}.service"
            link = units / target / unit
            if unit in MASKED or link.is_symlink():
                continue
            home = "etc" if (units / unit).exists() else "usr/lib"
            link.symlink_to(f"/{home}/systemd/system/{unit}")
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    (units / "default.target").unlink(missing_ok=True)
    (units / "default.target").symlink_to("/usr/lib/systemd/system/multi-user.target")
    quiet = {**os.environ, "SYSTEMD_LOG_LEVEL": "err"}
    subprocess.run(["systemd-sysusers", f"--root={root}"], check=True, env=quiet)

    etc = root / "etc"
    (etc / "hostname").write_text("beffroi\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n127.0.1.1 beffroi\n::1 localhost\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")
    # Empty, not missing: another one for each run, and no first start each time.
    (etc / "machine-id").write_text("")
    for link, target in [
        ("resolv.conf", "/run/systemd/resolve/stub-resolv.conf"),
        ("localtime", "/usr/share/zoneinfo/Europe/Paris"),
        ("mtab", "../proc/self/mounts"),
        ("../var/run", "/run"),
        ("../var/lock", "/run/lock"),
    ]:
        path = etc / link
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(target)
    bundle = etc / "ssl/certs/ca-certificates.crt"
    bundle.parent.mkdir(parents=True, exist_ok=True)
    certificates = sorted((root / "usr/share/ca-certificates").rglob("*.crt"))
    bundle.write_text("".join(path.read_text() for path in certificates))
    folders = "boot/firmware data dev proc run sys tmp var/lib/alsa var/lib/beffroi var/lib/systemd/timesync var/log var/tmp root/.ssh"
    for folder in folders.split():
        (root / folder).mkdir(parents=True, exist_ok=True)
    # What systemd would make at its start.
    for folder in [
        "var/lib/private",
        "var/cache/private",
        "var/lib/systemd/pstore",
        "var/lib/systemd/coredump",
    ]:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder).chmod(0o700)
    (root / "root").chmod(0o700)
    (root / "root/.ssh").chmod(0o700)
    (root / "root/.ssh/authorized_keys").symlink_to("/boot/firmware/authorized_keys")
    shutil.rmtree(root / "var/lib/dpkg", ignore_errors=True)
    (root / "usr/lib/udev/hwdb.d").exists() and shutil.rmtree(root / "usr/lib/udev/hwdb.d")


def write_packages(root: Path, debs: list[Path]) -> None:
    """Which versions of what are in the image, for who looks for known holes."""
    said = [
        subprocess.check_output(
            ["dpkg-deb", "--show", "--showformat", "${Package}\t${Version}\t${source:Package}\n", deb],
            text=True,
        )
        for deb in debs
    ]
    (root / "usr/share/beffroi").mkdir(parents=True, exist_ok=True)
    (root / "usr/share/beffroi/packages").write_text("".join(sorted(said)))


def fill_early(early: Path, root: Path) -> None:
    for name in ["bin", "sbin", "usr/lib"]:
        (early / name).mkdir(parents=True)
    (early / "lib").symlink_to("usr/lib")
    shutil.copy(root / "usr/bin/busybox", early / "bin/busybox")
    (early / "bin/sh").symlink_to("busybox")
    # Which the kernel calls for what it needs by itself.
    (early / "sbin/modprobe").symlink_to("../bin/busybox")
    shutil.copy(HERE / "start.sh", early / "sbin/start-box")
    (early / "sbin/start-box").chmod(0o755)
    (early / "init").symlink_to("sbin/start-box")


def fill_boot(boot: Path, whole: Path, release: str, firmware: Path) -> None:
    """What the Pi's firmware reads: itself, its settings, the kernel, the boards' descriptions."""
    shutil.copytree(HERE / "boot", boot, dirs_exist_ok=True)
    shutil.copy(whole / f"boot/vmlinuz-{release}", boot / "vmlinuz")
    for description in (whole / f"usr/lib/linux-image-{release}/broadcom").glob("bcm27*.dtb"):
        shutil.copy(description, boot)
    for description in (whole / f"usr/lib/linux-image-{release}/broadcom").glob("bcm283*.dtb"):
        shutil.copy(description, boot)
    unpacked = fresh(TARGET / "firmware")
    unpack(firmware, unpacked)
    for file in (unpacked / "usr/lib/raspi-firmware").iterdir():
        if file.suffix in {".bin", ".dat", ".elf"}:
            shutil.copy(file, boot)
    shutil.rmtree(unpacked)


def pack_early(early: Path, initrd: Path) -> None:
    names = subprocess.run(["find", ".", "-print0"], cwd=early, check=True, capture_output=True).stdout
    command = ["cpio", "--null", "--create", "--format=newc", "--owner=0:0", "--quiet"]
    packed = subprocess.run(command, cwd=early, input=names, check=True, capture_output=True).stdout
    initrd.write_bytes(gzip.compress(packed, 6))


if __name__ == "__main__":
    main()
