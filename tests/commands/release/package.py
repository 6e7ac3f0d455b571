"""``make package``: ``dist/slopecast.zip``, as plugins.qgis.org takes it; the same files make the same zip.

What breaks a rule of plugins.qgis.org, and any finding of Bandit or detect-secrets (which run there too), is an error.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAME = "slopecast"
DESTINATION = ROOT / "dist" / f"{NAME}.zip"
#: Bill of materials of the zip, next to it.
BILL = DESTINATION.with_suffix(".cdx.json")
#: What users get, by patterns of the path in the repository; the rest is for developing.
SHIPPED = (
    "__init__.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
    "CITATION.cff", "requirements.txt",
    "plugin/*", "ui/*", "model_weights/*", "docs/*",
)  # fmt: skip
#: The sources of compiled translations are for translators.
LEFT_OUT = ("*.ts",)
MAXIMUM_BYTES = 25e6
FORBIDDEN_ENDINGS = (".exe", ".dll", ".so", ".dylib", ".sh", ".bat", ".cmd", ".ps1", ".pyc", ".pyd", ".zip")
REQUIRED_KEYS = (
    "name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository",
)  # fmt: skip


class PackageError(Exception):
    """The plugin repository would refuse the zip."""


def shipped_files() -> list[str]:
    """Paths of what goes into the zip: what git tracks, and new files that it does not ignore."""
    names = [n for n in _listed() if any(fnmatch(n, pattern) for pattern in SHIPPED) and (ROOT / n).is_file()]
    return sorted(n for n in names if not any(fnmatch(n, pattern) for pattern in LEFT_OUT) and not _hidden(n))


def _listed(*which: str) -> list[str]:
    """Files of the repository, or of the folder where it is no repository (an unpacked archive of the source)."""
    command = ["git", "ls-files", "-z", *(which or ("--cached", "--others")), "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [name for name in done.stdout.split("\0") if name]
    if (ROOT / ".git").exists():
        raise PackageError(f"git does not list the files: {done.stderr.strip()}")
    paths = (path for path in ROOT.rglob("*") if "__pycache__" not in path.parts)
    return [path.relative_to(ROOT).as_posix() for path in paths]


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__pycache__")) for part in name.split("/"))


def _date() -> tuple[int, ...]:
    """Date of the last commit, for the zip's entries: fixed, and newer in a newer version."""
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return time.gmtime(int(done.stdout or 315532800))[:6]


def build(destination: Path = DESTINATION) -> Path:
    """Write the zip: one folder, sorted, with fixed dates and rights."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    date = _date()
    part = destination.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in shipped_files():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", date)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, (ROOT / name).read_bytes())
    part.replace(destination)
    return destination


def bill_of_materials(names: list[str]) -> dict:
    """What is in the zip, with checksums, and what it runs on, with floors, as CycloneDX."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    general = parser["general"]
    dependencies = {
        "QGIS": f">={general['qgisMinimumVersion']}", "numpy": "as QGIS has it", "GDAL": "as QGIS has it",
        "numba": "optional",
    }  # fmt: skip
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, floor = line.partition(">=")
            dependencies[name] = f">={floor}"
    libraries = [
        {"type": "library", "name": name, "version": version, "scope": "optional" if name == "numba" else "required"}
        for name, version in sorted(dependencies.items())
    ]
    files = [
        {"type": "file", "name": name,
         "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}]}
        for name in names
    ]  # fmt: skip
    component = {
        "type": "application", "name": NAME, "version": general["version"],
        "licenses": [{"license": {"id": general["license"]}}],
    }  # fmt: skip
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": component},
        "components": [*libraries, *files],
    }  # fmt: skip


def check(zip_file: Path) -> None:
    """Refuse what plugins.qgis.org refuses; raises :class:`PackageError` with all that is wrong."""
    wrong = []
    if zip_file.stat().st_size > MAXIMUM_BYTES:
        wrong.append(f"{zip_file.stat().st_size / 1e6:.1f} MB; at most {MAXIMUM_BYTES / 1e6:.0f} MB are taken")
    with zipfile.ZipFile(zip_file) as archive:
        names = archive.namelist()
        metadata = archive.read(f"{NAME}/metadata.txt").decode("utf-8")
        start = archive.read(f"{NAME}/__init__.py").decode("utf-8")
    if {name.split("/")[0] for name in names} != {NAME} or not NAME.isidentifier():
        wrong.append(f"not one folder called {NAME}")
    wrong += [f"{NAME}/{name} is missing" for name in ("LICENSE", "__init__.py") if f"{NAME}/{name}" not in names]
    wrong += [f"{name}: such files are refused" for name in names if name.lower().endswith(FORBIDDEN_ENDINGS)]
    wrong += [f"{name}: hidden" for name in names if _hidden(name)]
    if "def classFactory" not in start:
        wrong.append("__init__.py has no classFactory")
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read_string(metadata)
    wrong += [f"metadata.txt: {key} is missing" for key in REQUIRED_KEYS if not parser["general"].get(key, "").strip()]
    if f"{NAME}/{parser['general'].get('icon')}" not in names:
        wrong.append("metadata.txt: the icon is not in the zip")
    if wrong:
        raise PackageError("\n".join(wrong))


def unpack(zip_file: Path, folder: Path) -> Path:
    """Unpack into a folder of plugins, as QGIS does on installing; returns that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(zip_file) as archive:
        archive.extractall(folder)
    return folder


def scan(folder: Path) -> list[str]:
    """Run Bandit and detect-secrets on the unpacked zip; returns their findings, one a line."""
    for module in ("bandit", "detect_secrets"):
        if importlib.util.find_spec(module) is None:
            raise PackageError(f"{module} is missing: pip install -r requirements-dev.txt")
    return [*_bandit(folder), *_secrets(folder)]


def _bandit(folder: Path) -> list[str]:
    # As strict as can be: no comment in the code excuses anything.
    command = [sys.executable, "-m", "bandit", "-r", "-q", "-f", "json", "--ignore-nosec", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found = [f"{r['filename']}:{r['line_number']}: {r['test_id']} {r['issue_text']}" for r in report["results"]]
    return found + [f"Bandit could not read {e['filename']}: {e['reason']}" for e in report["errors"]]


def _secrets(folder: Path) -> list[str]:
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    results = json.loads(done.stdout)["results"]
    return [f"{file}:{s['line_number']}: {s['type']}" for file, secrets in results.items() for s in secrets]


def main() -> int:
    """Build, check, scan; lists the contents of the zip."""
    began = time.monotonic()
    try:
        zip_file = build()
        check(zip_file)
        with tempfile.TemporaryDirectory(prefix="slopecast-package-") as name:
            findings = scan(unpack(zip_file, Path(name)))
        if findings:
            raise PackageError("\n".join(findings))
    except PackageError as error:
        DESTINATION.unlink(missing_ok=True)
        sys.stderr.write(f"No package:\n{error}\n")
        return 1
    BILL.write_text(json.dumps(bill_of_materials(shipped_files()), indent=1) + "\n", encoding="utf-8")
    with zipfile.ZipFile(zip_file) as archive:
        count = len(archive.namelist())
    sys.stdout.write(
        f"{zip_file.relative_to(ROOT)}: {count} files, {zip_file.stat().st_size / 1e6:.2f} MB, "
        f"no finding of Bandit and detect-secrets ({time.monotonic() - began:.0f} s)\n"
    )
    new = sorted(set(_listed("--others")) & set(shipped_files()))
    if new:
        sys.stdout.write(f"In it, but not yet tracked by git: {', '.join(new)}\n")
    return 0
