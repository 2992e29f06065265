"""A GPIO chip made of memory: the kernel's own gpio-sim, which Debian's kernel leaves out.

Compiled outside the kernel's tree from the sources that Debian packages; they stay there. See
<https://docs.kernel.org/admin-guide/gpio/gpio-sim.html>.
"""

import shutil
import subprocess
from pathlib import Path

from debian import Debian, unpack

# How the kernel's build calls an architecture's compiler, where it is not this machine's.
CROSS = {"amd64": "x86_64-linux-gnu-", "arm64": "aarch64-linux-gnu-"}
FILES = ["drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c"]


def build(debian: Debian, host: Debian, release: str, folder: Path) -> Path:
    """gpio-sim.ko for that kernel; `host`: the packages of the machine that compiles."""
    version = debian.field(f"linux-image-{release}", "Version")
    module = folder / f"gpio-sim-{release}-{version}.ko"
    if module.exists():
        return module
    work = folder / "gpio-sim"
    shutil.rmtree(work, ignore_errors=True)
    headers = work / "headers"
    abi = release.removesuffix(f"-{debian.arch}")
    for deb in [
        debian.single(f"linux-headers-{release}"),
        debian.single(f"linux-headers-{abi}-common"),
        host.single("linux-kbuild-6.1"),
    ]:
        unpack(deb, headers)
    # They name each other where they are installed, which they are not.
    makefile = headers / f"usr/src/linux-headers-{release}/Makefile"
    makefile.write_text(makefile.read_text().replace("/usr/src/", f"{headers}/usr/src/"))

    take_sources(debian.single(f"linux-source-6.1={version}"), work)
    # The one function that the kernel keeps to itself, and the one that does the same for modules.
    simulator = work / "irq_sim.c"
    simulator.write_text(
        simulator.read_text().replace("handle_simple_irq(irq_to_desc(irqnum))", "generic_handle_irq(irqnum)")
    )
    (work / "gpio-sim.c").rename(work / "chip.c")
    (work / "Makefile").write_text("obj-m := gpio-sim.o\ngpio-sim-y := chip.o irq_sim.o\n")
    cross = "" if debian.arch == host.arch else CROSS[debian.arch]
    command = ["make", "--silent", f"--directory={makefile.parent}", f"M={work}", "modules"]
    subprocess.run([*command, f"CROSS_COMPILE={cross}", f"CC={cross}gcc"], check=True)
    subprocess.run([f"{cross}strip", "--strip-debug", work / "gpio-sim.ko"], check=True)
    shutil.copy(work / "gpio-sim.ko", module)
    shutil.rmtree(work)
    return module


def take_sources(deb: Path, work: Path) -> None:
    """Three files out of the kernel's 140 MB."""
    outer = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    inner = subprocess.Popen(
        ["tar", "--extract", "--to-stdout", "./usr/src/linux-source-6.1.tar.xz"],
        stdin=outer.stdout,
        stdout=subprocess.PIPE,
    )
    wanted = [f"linux-source-6.1/{name}" for name in FILES]
    command = ["tar", "--extract", "--xz", "--directory", work, "--transform=s,.*/,,"]
    subprocess.run([*command, *wanted], stdin=inner.stdout, check=True)
