"""The zip for plugins.qgis.org: what is in it, that it is accepted, and that it runs where nothing can be written."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile

import pytest
from qgis_process import QgisProcess
from release import package


def test_it_holds_what_runs_and_nothing_else(plugin_zip):
    with zipfile.ZipFile(plugin_zip) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names} == {"slopecast"}
    for name in ("__init__.py", "metadata.txt", "LICENSE", "plugin/main.py", "ui/failure_mask_dialog.ui",
                 "model_weights/network.safetensors", "docs/guide.html"):  # fmt: skip
        assert f"slopecast/{name}" in names
    parts = {part for name in names for part in name.split("/")}
    assert not parts & {"tests", "Makefile", "pyproject.toml", "__pycache__", ".ci", ".gitignore"}
    assert plugin_zip.stat().st_size < 25e6


def test_the_same_files_make_the_same_zip(plugin_zip, tmp_path):
    assert package.build(tmp_path / "again.zip").read_bytes() == plugin_zip.read_bytes()


def test_bandit_and_detect_secrets_find_nothing(installed):
    pytest.importorskip("bandit")
    pytest.importorskip("detect_secrets")
    assert package.scan(installed) == []


def test_the_scans_would_find_something(tmp_path):
    """The check above would be worthless if it found nothing anywhere; no comment excuses a line."""
    pytest.importorskip("bandit")
    pytest.importorskip("detect_secrets")
    (tmp_path / "bad.py").write_text("assert 1  # nosec\n")
    (tmp_path / "card.json").write_text('{"sha256": "%s"}' % ("3a7bd3e2360a3d29" * 4))
    found = package.scan(tmp_path)
    assert any("bad.py:1: B101" in line for line in found)
    assert any("card.json" in line for line in found)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("slopecast/run.sh", "echo", "such files are refused"),
        ("slopecast/.hidden", "x", "hidden"),
        ("other/file.py", "x", "not one folder"),
    ],
)
def test_what_the_repository_refuses_is_refused(plugin_zip, tmp_path, name, content, message):
    spoilt = tmp_path / "slopecast.zip"
    shutil.copyfile(plugin_zip, spoilt)
    with zipfile.ZipFile(spoilt, "a") as archive:
        archive.writestr(name, content)
    with pytest.raises(package.PackageError, match=message):
        package.check(spoilt)


def test_it_runs_from_a_folder_that_cannot_be_written(plugin_zip, tmp_path):
    """As where an administrator installed it for everybody; the work is done and the folder stays as it was."""
    plugins = package.unpack(plugin_zip, tmp_path / "für alle 모두")
    before = _contents(plugins)
    run = _read_only(plugins)
    qgis = QgisProcess(plugins, prefix=run)
    example = qgis.run("slopecast:exampledata", SIZE=48, OUTPUT_FOLDER=tmp_path / "example")
    done = qgis.run(
        "slopecast:predictfailuremask", DEM=example["DEM"], SOIL_DEPTH=example["SOIL_DEPTH"],
        FAILURE_MASK=tmp_path / "mask.tif",
    )  # fmt: skip
    assert done["VALID_CELLS"] == 48 * 48
    assert (tmp_path / "mask.qml").exists()
    assert _contents(plugins) == before
    for path in [plugins, *plugins.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def _contents(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def _read_only(folder):
    """Take away the right to write; for root, who may write all the same, by a mount that ends with the command."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    if os.geteuid() != 0:
        return []
    script = f"mount --bind '{folder}' '{folder}' && mount -o remount,ro,bind '{folder}' && exec \"$@\""
    for propagation in ("private", "unchanged"):  # the second within a chroot, whose root is no mount
        prefix = ["unshare", "--mount", "--propagation", propagation, "sh", "-c", script, "sh"]
        tried = subprocess.run([*prefix, "touch", str(folder / "new")], capture_output=True, text=True, check=False)
        if "ead-only" in tried.stderr:
            return prefix
    return pytest.skip("root cannot be kept from writing here")


def test_the_plugin_itself_loads_from_the_zip(installed):
    """``classFactory`` is what QGIS calls; the package is found under its name alone."""
    code = "import slopecast; print(slopecast.classFactory(None).__class__.__name__, slopecast.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=False, cwd=installed,
    )  # fmt: skip
    assert done.stdout.split(" ", 1)[0] == "SlopecastPlugin", done.stderr
    assert str(installed) in done.stdout
