"""Which device runs the network, in which precision, and the message where torch is missing."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
import torch
from checkout import ROOT
from messages import Messages
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.threads import in_threads
from slopecast.plugin.ml import device
from slopecast.plugin.ml.device import TorchMissing, choose_device, half_precision, one_thread, torch_status


@pytest.fixture(params=[(False, False), (True, False), (False, True)], ids=["none", "cuda", "mps"])
def found(request, monkeypatch):
    """Which of CUDA and MPS torch finds."""
    cuda, mps = request.param
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Test Card")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    return {name for name, is_there in (("cuda", cuda), ("mps", mps)) if is_there}


@pytest.mark.parametrize("wanted", ["auto", "cpu", "cuda", "mps"])
def test_a_device_that_is_missing_falls_back_to_the_processor_with_a_warning(found, wanted):
    feedback = Messages()
    chosen, name = choose_device(wanted, feedback)
    expected = next(iter(found), "cpu") if wanted == "auto" else wanted if wanted in found else "cpu"
    assert chosen.type == expected
    assert expected in name
    assert len(feedback.warnings) == (wanted not in ("auto", "cpu") and wanted not in found)
    assert all(f"'{wanted}' is not available" in text for text in feedback.warnings)


@pytest.mark.parametrize("name", ["tpu", "", "CPU", "cuda:0"])
def test_an_unknown_device_is_refused(name):
    with pytest.raises(InputError, match="DEVICE"):
        choose_device(name, Feedback())


@pytest.mark.parametrize(
    ("kind", "has", "half"),
    [("cuda", True, True), ("cuda", False, False), ("cpu", True, True), ("cpu", False, False), ("mps", True, False)],
)
def test_half_precision_only_where_it_is_fast_and_safe(monkeypatch, kind, has, half):
    """Bfloat16, which has the range of single precision."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (8, 0) if has else (7, 5))
    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.setattr(torch.cpu, name, lambda: has, raising=False)
    precision, name_of_type = half_precision(SimpleNamespace(type=kind))
    assert precision == (torch.bfloat16 if half else torch.float32)
    assert ("bf16" in name_of_type) is half


def test_half_precision_of_a_torch_that_does_not_report_it(monkeypatch):
    monkeypatch.setattr(torch, "cpu", SimpleNamespace())
    assert half_precision(torch.device("cpu"))[0] == torch.float32


def test_tasks_at_once_share_the_processor_and_leave_it_to_later_threads_whole(monkeypatch):
    """A thread begins with the number that another one has set last."""
    before = torch.get_num_threads()
    monkeypatch.setattr(device, "_processor_threads", lambda: 8)
    started = Barrier(2)

    def seen(_):
        with device.share_of_cores():
            started.wait(10.0)
            return torch.get_num_threads()

    def later():
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(torch.get_num_threads).result()

    torch.set_num_threads(8)
    try:
        for _ in range(3):
            assert [found for _, found in in_threads(seen, range(2), 2)] == [4, 4]
            assert later() == 8
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("cells", "alone"), [(10, True), (3_000_000, False)])
def test_small_arrays_run_on_one_thread_and_the_number_comes_back(cells, alone):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with one_thread(cells):
            assert torch.get_num_threads() == (1 if alone else 2)
        assert torch.get_num_threads() == 2
        with pytest.raises(KeyError), one_thread(cells):
            raise KeyError
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_torch_that_is_there():
    status = torch_status()
    assert status.installed
    assert status.version == torch.__version__
    assert status.error == status.advice == ""
    device.require_torch()
    assert device.describe_devices()[0].startswith("cpu")


@pytest.mark.parametrize("name", ["torch", "safetensors"])
def test_what_is_missing_is_named_with_the_way_out(monkeypatch, name):
    find = device.importlib.util.find_spec
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda n: None if n == name else find(n))
    status = torch_status()
    assert not status.installed
    assert f"{name} is not installed" in str(status.error)
    assert "pip install" in str(status.advice)
    assert device.describe_devices() == []
    with pytest.raises(TorchMissing, match="physics engine runs without"):
        device.require_torch()


@pytest.mark.parametrize("error", [ImportError("libtorch.so"), OSError("DLL load failed"), RuntimeError("broken")])
def test_a_torch_that_does_not_load_is_no_crash(monkeypatch, error):
    def broken(_name):
        raise error

    monkeypatch.setattr(device, "_imported_apart", broken)
    status = torch_status()
    assert not status.installed
    assert str(error) in str(status.error)
    assert "--force-reinstall" in str(status.advice)


@pytest.mark.parametrize(
    ("own", "managed", "options"),
    [(True, False, "torch"), (True, True, "torch"), (False, False, "--user torch"),
     (False, True, "--user --break-system-packages torch")],
)  # fmt: skip
def test_the_command_to_install_torch_is_that_of_this_python(tmp_path, monkeypatch, own, managed, options):
    """A virtual environment has no packages of a user; Debian's pip refuses unless it is reported to."""
    monkeypatch.setattr(device.sys, "prefix", str(tmp_path / "venv") if own else device.sys.base_prefix)
    monkeypatch.setattr(device.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
    if managed:
        (tmp_path / "EXTERNALLY-MANAGED").write_text("")
    assert f"-m pip install {options} safetensors" in device.torch_status().advice


@pytest.mark.parametrize("system", ["posix", "nt"])
def test_the_advice_names_a_page_of_the_guide(monkeypatch, system):
    monkeypatch.setattr(device, "os", SimpleNamespace(**{**vars(os), "name": system}))
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
    title, page = re.search(r"The page '([^']+)' \(([^)]+)\) has more", device.torch_status().advice).groups()
    assert (ROOT / page).read_text(encoding="utf-8").startswith(f"# {title}\n")
