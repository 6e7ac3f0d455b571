"""All tests on other versions of QGIS, each in a Debian or Ubuntu system of its own below ``build/matrix``.

``python tests/commands matrix [VERSION ...]``; what follows ``--`` goes to pytest. A system is made once
(some minutes, 3 to 4 GB) with debootstrap; the tests run in it in a copy of the checkout. Needs root, or sudo; for
Ubuntu's versions the package ubuntu-keyring too.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / "matrix"
UBUNTU, KEYRING = "http://archive.ubuntu.com/ubuntu", Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
#: QGIS itself, and what setup and requirements install elsewhere; all from the distribution.
PACKAGES = (
    "qgis python3-qgis qgis-providers python3-gdal xvfb xauth fonts-dejavu-core fonts-noto-cjk python3-pytest "
    "python3-hypothesis python3-matplotlib python3-markdown python3-openpyxl python3-sklearn python3-statsmodels git"
)
OPTIONAL = "python3-torch python3-safetensors python3-numba python3-distributed"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


@dataclass(frozen=True)
class System:
    """A Debian or Ubuntu root with one version of QGIS.

    Args:
        version: of QGIS, as in the folder's name.
        codename: the release of the distribution.
        pocket: what follows the codename in the suite that QGIS comes from; all else comes from the release.
        source: address of the mirror; if omitted, the one of this machine's apt.
        optional: packages that the plugin works without; from_pip: those that the distribution lacks, or has too old.
    """

    version: str
    codename: str
    pocket: str = ""
    source: str = ""
    optional: str = OPTIONAL
    from_pip: str = ""

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return FOLDER / f"qgis-{self.version}"

    def make(self) -> None:
        """Install it, unless that is done; an interrupted attempt is started afresh."""
        ready = self.folder / ".ready"
        wanted = f"{self.codename}{self.pocket} {PACKAGES} {self.optional} {self.from_pip}"
        if ready.exists() and ready.read_text() == wanted:
            return
        if not shutil.which("debootstrap"):
            raise SystemExit("debootstrap is missing: apt-get install debootstrap")
        if self.folder.exists():
            _call([*_as_root(), "rm", "-rf", "--one-file-system", str(self.folder)])
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        source = self.source or mirror()
        strap, components = ["debootstrap", "--variant=minbase"], "main"
        script = "/usr/share/debootstrap/scripts/sid"
        if self.source == UBUNTU:
            if not KEYRING.exists():
                raise SystemExit(f"{KEYRING} is missing: install ubuntu-keyring, which Debian has from 13 on.")
            components, script = "main universe", "/usr/share/debootstrap/scripts/gutsy"  # that of all later ones
            strap.append(f"--keyring={KEYRING}")
        _call([*_as_root(), *strap, "--force-check-gpg", self.codename, str(self.folder), source, script])
        suites = dict.fromkeys((self.codename, f"{self.codename}-updates", self.codename + self.pocket))
        lines = "".join(f"deb {source} {suite} {components}\n" for suite in suites)
        _call([*_as_root(), "tee", str(self.folder / "etc/apt/sources.list")], input=lines, text=True)
        options = ["-y", "-qq", "--no-install-recommends", "-t", self.codename + self.pocket]
        # Lists of Debian testing end a week after they were made; a mirror may be older. Signatures are checked.
        self.run(["apt-get", "-o", "Acquire::Check-Valid-Until=false", "update", "-qq"])
        self.run(["apt-get", "install", *options, *PACKAGES.split(), *self.optional.split()])
        self.run(["apt-get", "clean"])
        if self.from_pip:
            _call([*_as_root(), "cp", "-L", CERTIFICATES, f"{self.folder}{CERTIFICATES}"])  # of a proxy, if any
            self.run(
                ["python3", "-m", "pip", "install", "-q", "--no-cache-dir", *self.from_pip.split()],
                PIP_CERT=CERTIFICATES, PIP_BREAK_SYSTEM_PACKAGES="1",
            )  # fmt: skip
        _call([*_as_root(), "tee", str(ready)], input=wanted, text=True)

    def run(self, command: list[str], check: bool = True, **variables: str) -> int:
        """Run a command in the system; what it mounts there ends with it."""
        inside = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
            **{name: os.environ[name] for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS") if name in os.environ},
            **variables,
        }  # fmt: skip
        root = shlex.quote(str(self.folder))
        script = (
            f"mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev "
            f'&& cp -L /etc/resolv.conf /etc/hosts {root}/etc/ && exec chroot {root} env -i "$@"'
        )
        settings = [f"{name}={value}" for name, value in inside.items()]
        outer = [*_as_root(), "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
        return _call([*outer, *settings, *command], check=check)

    def copy_checkout(self) -> str:
        """Copy the files of the checkout, new ones included, into the system; returns the folder there."""
        inside = "home/tester/slopecast checkout"
        target = self.folder / inside
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        names = "\0".join(name for name in listed if name and (ROOT / name).exists())
        _call([*_as_root(), "rm", "-rf", str(target)])
        _call([*_as_root(), "mkdir", "-p", str(target)])
        pack = ["tar", "-C", str(ROOT), "--null", "-T", "-", "-c"]
        packed = subprocess.run(pack, input=names.encode(), capture_output=True, check=True).stdout
        _call([*_as_root(), "tar", "-C", str(target), "--no-same-owner", "-x"], input=packed)
        return f"/{inside}"

    def test(self, arguments: list[str]) -> int:
        """Run the tests; returns pytest's exit status."""
        inside = self.copy_checkout()
        show = "from qgis.core import Qgis; from osgeo import gdal; import sys, numpy; print('QGIS', Qgis.QGIS_VERSION,"
        show += " 'Python', sys.version.split()[0], 'numpy', numpy.__version__, 'GDAL', gdal.__version__, flush=True)"
        self.run(["python3", "-c", show], QT_QPA_PLATFORM="offscreen")
        steps = f'cd "{inside}" && git init -q && git add -A && exec python3 -m pytest "$@"'
        return self.run(["sh", "-c", steps, "sh", *arguments], check=False, QT_QPA_PLATFORM="offscreen")


SYSTEMS = {
    system.version: system
    for system in (
        System("3.40", "trixie"),
        System("3.44", "trixie", "-backports"),
        # Python 3.10, numpy 1.21 and GDAL 3.4, with the oldest torch that the network takes.
        System("3.22", "jammy", "", UBUNTU, "python3-pip python3-numba", "torch==2.0.1 safetensors==0.4.0"),
        System("3.34", "noble", "", UBUNTU, "python3-pip", "torch==2.2.2 safetensors==0.4.0"),  # without numba
        System("next", "testing"),  # Debian testing: the newest Python, numpy, GDAL and torch
    )
}


def mirror() -> str:
    """Address of the Debian mirror in this machine's apt sources."""
    fields = ["--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian", "Label: Debian"]
    for _ in range(2):
        found = subprocess.run(["apt-get", "indextargets", *fields], capture_output=True, text=True, check=False).stdout
        if found.split():
            return found.split()[0]
        _call([*_as_root(), "apt-get", "update", "-qq"])
    raise SystemExit("apt has no source of Debian packages here.")


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]


def _call(command: list[str], check: bool = True, **options: object) -> int:
    quiet = {"stdout": subprocess.DEVNULL} if "input" in options else {}
    return subprocess.run(command, check=check, **quiet, **options).returncode


def main() -> int:
    """Test the named versions, or all; returns 1 when tests fail in any."""
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    names, for_pytest = arguments[:split] or list(SYSTEMS), arguments[split + 1 :] or ["tests"]
    unknown = [name for name in names if name not in SYSTEMS]
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(unknown)}; there are {', '.join(SYSTEMS)}.")
    results = {}
    for name in names:
        began = time.monotonic()
        sys.stdout.write(f"== QGIS {name}\n")
        sys.stdout.flush()
        SYSTEMS[name].make()
        results[name] = SYSTEMS[name].test(for_pytest)
        sys.stdout.write(f"== QGIS {name}: exit status {results[name]}, {(time.monotonic() - began) / 60:.1f} min\n")
        sys.stdout.flush()
    return int(any(results.values()))
