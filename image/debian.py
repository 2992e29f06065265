"""Debian packages as files: fetched by apt with lists of its own, unpacked, never installed.

Works for any architecture on any, without root: nothing of a package runs.
"""

import re
import subprocess
import time
from pathlib import Path

SUITE = "bookworm"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = (
    "deb [signed-by={keys}] http://deb.debian.org/debian {suite} {components}\n"
    "deb [signed-by={keys}] http://deb.debian.org/debian-security {suite}-security {components}\n"
    "deb [signed-by={keys}] http://deb.debian.org/debian {suite}-updates {components}\n"
)
# The lists are asked for again after so long.
DAY_SECONDS = 24 * 3600
# What no box reads.
LEFT_OUT = ["doc", "info", "lintian", "locale", "man", "bash-completion", "zsh", "sounds", "bug"]


class Debian:
    """The packages of one architecture, cached in a folder."""

    def __init__(self, arch: str, folder: Path, components: str = "main"):
        self.arch = arch
        self.folder = folder.absolute()
        for part in ["lists/partial", "archives/partial"]:
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        (self.folder / "sources.list").write_text(
            SOURCES.format(keys=KEYS, suite=SUITE, components=components)
        )
        stamp = self.folder / "updated"
        if not stamp.exists() or time.time() - stamp.stat().st_mtime > DAY_SECONDS:
            self._apt("apt-get", "update")
            stamp.touch()

    def closure(self, packages: list[str]) -> list[Path]:
        """The .debs of these packages and of all they depend on."""
        said = self._apt("apt-get", "install", "--simulate", *packages)
        found = re.findall(r"^Inst (\S+) \((\S+) .*\[(\w+)\]\)", said, re.MULTILINE)
        self._apt("apt-get", "install", "--yes", "--download-only", *packages)
        names = [f"{name}_{version.replace(':', '%3a')}_{arch}.deb" for name, version, arch in found]
        return [self.folder / "archives" / name for name in sorted(names)]

    def single(self, package: str) -> Path:
        """The .deb of one package alone; `NAME=VERSION` for that version."""
        folder = self.folder / "single"
        folder.mkdir(exist_ok=True)
        said = self._apt("apt-get", "download", "--print-uris", package)
        name = re.search(r"^'[^']*' (\S+) ", said, re.MULTILINE)
        if not name:
            raise SystemExit(f"Debian has no package {package} for {self.arch}")
        deb = folder / name.group(1)
        if not deb.exists():
            self._apt("apt-get", "download", package, cwd=folder)
        return deb

    def field(self, package: str, name: str) -> str:
        """A field of a package, as `apt-cache show` has it."""
        shown = self._apt("apt-cache", "show", "--no-all-versions", package)
        return re.search(rf"^{name}: (.*)$", shown, re.MULTILINE).group(1)

    def _apt(self, program: str, *words: str, cwd: Path | None = None) -> str:
        options = {
            "Dir::State": self.folder,
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder,
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "APT::Architecture": self.arch,
            "APT::Architectures": self.arch,
            "APT::Install-Recommends": "false",
            # There is no user for it in a folder of one's own.
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        command = [program, "--quiet=1", *(f"-o{key}={value}" for key, value in options.items())]
        done = subprocess.run([*command, *words], check=False, cwd=cwd, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{program} {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout


def unpack(deb: Path, root: Path, *members: str) -> None:
    """Unpacks a .deb, or these members of it, into a root with a merged /usr."""
    merge_usr(root)
    excluded = [f"--exclude=./usr/share/{name}" for name in LEFT_OUT]
    opened = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    into = ["tar", "--extract", "--directory", root, "--keep-directory-symlink"]
    into += ["--no-same-owner", "--preserve-permissions"]
    subprocess.run([*into, *excluded, *members], stdin=opened.stdout, check=True)
    if opened.wait() != 0:
        raise SystemExit(f"{deb} is damaged: remove it and try again")


def merge_usr(root: Path) -> None:
    """/bin, /sbin, /lib and /lib64 are links into /usr, as in every Debian since 12."""
    for name in ["bin", "sbin", "lib", "lib64"]:
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        if not (root / name).is_symlink():
            (root / name).symlink_to(f"usr/{name}")
