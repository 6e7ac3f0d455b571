"""Files that are written whole: sets of results across kills and errors, leftovers, locks, full disks."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Iterator

import pytest
from checkout import ROOT
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.files import atomic, lock, whole
from slopecast.plugin.core.files.atomic import atomic_write, one_run_in, recover, write_texts
from slopecast.plugin.core.files.inputs import states_of, unchanged
from slopecast.plugin.core.files.lock import FileLock
from slopecast.plugin.core.files.whole import replacing, write_text
from slopecast.plugin.core.files.work_folder import WorkFolder

#: Files of a set: in two folders, one of them in a subfolder; statistics of the first become obsolete.
NAMES = ("a/one.txt", "a/sub/two.txt", "b/one.txt", "b/new.txt")
STALE = "a/one.txt.aux.xml"


def set_up(folder: Path) -> None:
    for name in (*NAMES[:3], STALE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old")
    (folder / "a" / ".slopecast.mine").mkdir(exist_ok=True)
    (folder / "a" / ".slopecast.mine" / "keep").write_text("not ours")


def write_set(folder: Path) -> None:
    with atomic_write([folder / "a", folder / "b"], "Output") as partials:
        for name in NAMES:
            place = partials[folder / name[0]] / name[2:]
            place.parent.mkdir(exist_ok=True)
            write_text(place, "new")


def content(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


MINE = {"a/.slopecast.mine/keep": "not ours"}
OLD = {**MINE, **dict.fromkeys((*NAMES[:3], STALE), "old")}
NEW = {**MINE, **dict.fromkeys(NAMES, "new")}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="ends a copy of this process")
@pytest.mark.parametrize("next_run", ["a", "b"])
def test_a_kill_at_any_file_operation_leaves_the_old_set_or_the_new_one(tmp_path: Path, next_run: str) -> None:
    """After the next run into either folder; nothing hidden of ours stays, and what is not marked as ours does."""
    ends = set()
    for last in range(1, 200):
        folder = tmp_path / str(last)
        set_up(folder)
        child = os.fork()
        if child == 0:
            count = 0

            def watch(event: str, arguments: tuple, last: int = last) -> None:
                nonlocal count
                if event in ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "open"):
                    count += isinstance(arguments[0], (str, Path)) and str(tmp_path) in str(arguments[0])
                    if count == last:
                        os._exit(9)

            sys.addaudithook(watch)
            write_set(folder)
            os._exit(0)
        finished = os.waitpid(child, 0)[1] == 0
        recover(folder / next_run)
        assert {k: v for k, v in content(folder).items() if k in MINE or ".slopecast." not in k} in (OLD, NEW), last
        recover(folder / "a")
        recover(folder / "b")
        assert content(folder) in (OLD, NEW)
        assert [p.name for p in folder.rglob(".slopecast.*")] == [".slopecast.mine"]
        ends.add(content(folder) == NEW)
        if finished:
            break
    assert last > 40
    assert ends == {True, False}


@pytest.mark.parametrize("fails", range(8))
def test_a_move_that_fails_takes_the_others_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
    set_up(tmp_path)
    replace, calls = os.replace, []

    def failing(source: object, target: object) -> None:
        calls.append(target)
        if len(calls) == fails + 1:
            raise PermissionError(errno.EACCES, "is open elsewhere")
        replace(source, target)

    monkeypatch.setattr(atomic.os, "replace", failing)
    if fails < 5:  # four files and the statistics
        with pytest.raises(InputError, match="is open elsewhere"):
            write_set(tmp_path)
    else:
        write_set(tmp_path)
    assert content(tmp_path) == (OLD if fails < 5 else NEW)


def test_a_file_that_windows_holds_open_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As virus scanners do with what was just written; one that stays open is an error."""
    set_up(tmp_path)
    replace, refusals = os.replace, {"left": 3}

    def refusing(source: object, target: object) -> None:
        if refusals["left"]:
            refusals["left"] -= 1
            raise PermissionError(errno.EACCES, "is open elsewhere")
        replace(source, target)

    monkeypatch.setattr(whole.os, "replace", refusing)
    monkeypatch.setattr(whole, "_TRY_AGAIN_S", (0.0, 0.0, 0.0))
    monkeypatch.setattr(whole, "sys", SimpleNamespace(platform="win32"))
    write_set(tmp_path)
    assert content(tmp_path) == NEW
    refusals["left"] = 4
    with pytest.raises(InputError, match="is open elsewhere"):
        write_set(tmp_path)
    assert content(tmp_path) == NEW


def test_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on FAT: old files are put aside by name."""

    def unsupported(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(atomic.os, "link", unsupported)
    set_up(tmp_path)
    write_set(tmp_path)
    assert content(tmp_path) == NEW


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_named_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    set_up(tmp_path)

    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(whole.os, "fsync", full)
    with pytest.raises(InputError, match=r"Output: .*disk is full.*Free some space.*unchanged"):
        write_set(tmp_path)
    assert content(tmp_path) == OLD


def test_a_user_s_newer_file_is_not_replaced_by_what_a_kill_has_left(tmp_path: Path) -> None:
    """The set was journalled; then the user wrote a file of the name."""
    set_up(tmp_path)
    child = os.fork() if hasattr(os, "fork") else pytest.skip("ends a copy of this process")
    if child == 0:
        atomic._move = lambda *_: os._exit(9)
        write_set(tmp_path)
    os.waitpid(child, 0)
    (tmp_path / "a" / "one.txt").write_text("edited meanwhile")
    recover(tmp_path / "a")
    assert content(tmp_path) == {**NEW, "a/one.txt": "edited meanwhile", STALE: "old"}


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (".slopecast.notes.part", {"owner.json": "{}"}),
        (".slopecast.notes.part", {"diary.txt": "mine"}),
        (".slopecast.notes.part", {"owner.json": '{"program": "Other"}', "results/x": "1"}),
        (".other.abc.part", {"owner.json": '{"program": "Slopecast"}'}),
    ],
)
def test_files_without_our_mark_are_kept(tmp_path: Path, name: str, inside: dict[str, str]) -> None:
    for file, text in inside.items():
        (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name / file).write_text(text)
    before = content(tmp_path)
    assert recover(tmp_path) == 0
    assert content(tmp_path) == before


@pytest.mark.parametrize("mark", ["", '{"prog', '{"program": "Slopecast", "proc'])
def test_a_folder_whose_mark_is_cut_is_removed(tmp_path: Path, mark: str) -> None:
    """A kill or a full disk while the mark was written."""
    (tmp_path / ".slopecast.abc.part").mkdir()
    (tmp_path / ".slopecast.abc.part" / "owner.json").write_text(mark)
    recover(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "a/../../outside.txt", "C:/outside.txt"])
def test_a_journal_moves_nothing_out_of_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    work = WorkFolder.make(folder)
    write_text(work.results / "outside.txt", "x")
    moves = [{"name": name, "before": None, "obsolete": {}}]
    listed = {"number": 0, "sets": [{"target": str(folder), "work": work.path.name, "moves": moves}]}
    write_text(work.path / "journal.json", json.dumps(listed))
    work.release()
    recover(folder)
    assert content(tmp_path) == {}


def test_a_live_run_s_folder_stays_and_a_second_run_is_refused(tmp_path: Path) -> None:
    """In words that name the process; once it has ended its folder is taken over."""
    with one_run_in(tmp_path, "Output folder (OUTPUT_FOLDER)") as work:
        write_text(work.path / "row", "1")
        recover(tmp_path)
        with (
            pytest.raises(InputError, match=rf"OUTPUT_FOLDER.*another run of Slopecast.*process {os.getpid()}"),
            one_run_in(tmp_path, "Output folder (OUTPUT_FOLDER)"),
        ):
            pass
        work.keep = True
    with one_run_in(tmp_path, "Output folder (OUTPUT_FOLDER)") as work:
        assert (work.path / "row").read_text() == "1"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_removed_during_a_run_is_an_error(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def run() -> None:
        with one_run_in(out, "Output folder (OUTPUT_FOLDER)") as work:
            shutil.rmtree(out)
            write_text(work.path / "row", "1")

    with pytest.raises(InputError, match=r"OUTPUT_FOLDER\): '.*out' cannot be written \(No such file"):
        run()
    assert list(tmp_path.iterdir()) == []


def test_results_stand_where_the_hidden_folder_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network folder that is lost for a moment; the next run removes it."""
    listed = Path.iterdir

    def lost(path: Path) -> Iterator[Path]:
        if path.name.startswith(".slopecast."):
            raise OSError(errno.EIO, "Input/output error")
        return listed(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", lost)
        with one_run_in(tmp_path, "Output") as work, atomic_write([tmp_path], "Output", {tmp_path: work}) as partials:
            write_text(partials.path(tmp_path / "one.txt"), "new")
    assert content(tmp_path)["one.txt"] == "new"
    recover(tmp_path)
    with one_run_in(tmp_path, "Output"):
        pass
    assert content(tmp_path) == {"one.txt": "new"}


def test_a_folder_that_another_run_has_made_in_its_place_is_left_to_it(tmp_path: Path) -> None:
    first = WorkFolder.make(tmp_path, "run")
    shutil.rmtree(first.path)
    with one_run_in(tmp_path, "Output folder") as other:
        first.remove()
        assert other.results.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_is_no_longer_in_the_way(tmp_path: Path) -> None:
    """The lock of a process dies with it."""
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT / 'tests')!r}, {str(ROOT)!r}]\n"
        "import conftest, os\nfrom pathlib import Path\n"
        "from slopecast.plugin.core.files.atomic import one_run_in\n"
        f"with one_run_in(Path({str(tmp_path)!r}), 'Output folder'):\n    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert [p.name for p in tmp_path.iterdir()] == [".slopecast.run"]
    with one_run_in(tmp_path, "Output folder"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_ours_that_the_user_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".slopecast.run").write_text("mine")
    with pytest.raises(InputError, match="was not made by Slopecast"), one_run_in(tmp_path, "Output folder"):
        pass
    assert content(tmp_path) == {".slopecast.run": "mine"}


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs work there; what may be another one's is left alone."""

    def unsupported(_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no locks here")

    monkeypatch.setattr(lock, "_lock", unsupported)
    assert not FileLock(tmp_path / "x").supported
    left = WorkFolder.make(tmp_path)
    write_texts({tmp_path / "one.txt": "new"}, "Output")
    assert (tmp_path / "one.txt").read_text() == "new"
    assert left.path.is_dir()


def test_a_replaced_shapefile_and_database_lose_what_belongs_to_the_old_ones(tmp_path: Path) -> None:
    """Spatial indexes, write-ahead logs, types of columns: they would be read with the new content."""
    for name in ("a.shp", "a.qix", "a.sbn", "a.prj", "b.gpkg", "b.gpkg-wal", "c.qix", "d.csv", "d.csvt", "c.csvt"):
        (tmp_path / name).write_text("old")
    names = ("a.shp", "b.gpkg", "c.txt", "d.csv")
    write_texts({tmp_path / name: "new" for name in names}, "Output")
    kept = {"c.qix": "old", "c.csvt": "old"}
    assert content(tmp_path) == {**dict.fromkeys(names, "new"), **kept}


@pytest.mark.parametrize(
    ("written", "present", "left"),
    [
        ({"a.shp"}, {"a.shp", "a.dbf", "a.prj", "a.cpg"}, set()),
        ({"a.shp", "a.prj"}, {"a.shp", "a.prj"}, {"a.prj"}),
        ({"a.asc"}, {"a.asc", "a.prj", "a.cpg"}, {"a.cpg"}),
        ({"a.asc"}, {"a.asc", "a.prj", "a.shp"}, {"a.prj"}),  # that of the shapes too
        ({"a.shp"}, {"a.prj"}, {"a.prj"}),  # whose it is, is not known
        ({"a.dbf"}, {"a.dbf", "a.prj", "a.cpg"}, {"a.prj"}),
        ({"a.tif"}, {"a.tif", "a.tif.vat.dbf", "a.tif.vat.cpg", "a.prj"}, {"a.prj"}),
    ],
    ids=str,
)
def test_coordinate_systems_and_names_of_replaced_files_go_with_them(
    written: set, present: set, left: set, tmp_path: Path
) -> None:
    """New ones without a coordinate system would have that of the old ones."""
    for name in present:
        (tmp_path / name).write_text("old")
    write_texts({tmp_path / name: "new" for name in written}, "Output")
    assert {name for name in content(tmp_path) if name.endswith((".prj", ".cpg", ".vat.dbf"))} == left


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), None])
def test_a_single_file_is_replaced_whole_or_not(tmp_path: Path, error: BaseException | None) -> None:
    (tmp_path / "x.npz").write_text("old")
    expected = contextlib.nullcontext() if error is None else pytest.raises(type(error))
    with expected, replacing(tmp_path / "x.npz") as partial:
        partial.write_text("half")
        if error is not None:
            raise error
    assert content(tmp_path) == {"x.npz": "half" if error is None else "old"}


@pytest.mark.parametrize("change", ["remove", "cut", "write", "replace", "none"])
def test_results_of_inputs_that_were_changed_meanwhile_are_not_written(tmp_path: Path, change: str) -> None:
    """Half of one content and half of the other would make a map that looks right."""
    given, place = tmp_path / "dem.tif", tmp_path / "out" / "map.txt"
    given.write_text("first content")

    def run() -> None:
        with unchanged(states_of([given])):
            if change == "remove":
                given.unlink()
            elif change == "cut":
                os.truncate(given, 4)
            elif change == "write":
                os.utime(given, ns=(0, 0))
            elif change == "replace":
                (tmp_path / "other").write_text("second")
                os.replace(tmp_path / "other", given)
            write_texts({place: "result"}, "Output")
            given.write_text("after the results are moved")

    if change == "none":
        run()
        assert place.read_text() == "result"
        return
    with pytest.raises(InputError, match=r"dem\.tif' was changed or removed"):
        run()
    assert not place.parent.exists()
    assert [p.name for p in tmp_path.iterdir()] in ([given.name], [])


def test_an_input_that_changes_is_an_error_of_runs_without_files_too(tmp_path: Path) -> None:
    given = tmp_path / "dem.tif"
    given.write_text("first content")
    with pytest.raises(InputError, match="changed or removed"), unchanged(states_of([given])):
        given.unlink()
    write_texts({tmp_path / "out.txt": "result"}, "Output")  # the next run has its own inputs


def test_a_folder_knows_whether_it_has_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lock.has_locks(tmp_path)

    def unsupported(_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no locks here")

    monkeypatch.setattr(lock, "_lock", unsupported)
    assert not lock.has_locks(tmp_path)
