"""What the plugin's code may not do: reach the network, run texts or programs, or read pickles."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import checkout
import pytest
from release import package

PLUGIN = checkout.ROOT / "plugin"
FILES = [checkout.ROOT / "__init__.py", *sorted(PLUGIN.rglob("*.py"))]
NETWORK = {
    "socket", "socketserver", "ssl", "select", "selectors", "asyncio", "urllib", "urllib3", "http", "httpx", "requests",
    "aiohttp", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "nntplib", "xmlrpc", "wsgiref", "webbrowser",
    "paramiko", "boto3", "websocket", "websockets", "huggingface_hub", "distributed", "dask",
}  # fmt: skip
PROGRAMS = {"subprocess", "pty", "commands", "pexpect", "sh", "runpy", "code", "codeop", "ctypes", "cffi"}
PICKLES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "dbm"}
CALLS = {"eval", "exec", "compile", "__import__", "execfile", "input"}
ATTRIBUTES = {
    "os": r"system|popen|startfile|fork|forkpty|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?", "torch": "load|save|hub",
    "sys": "settrace|setprofile",
}  # fmt: skip
QT = re.compile(
    r"Qgs(Blocking)?Network\w*|QNetwork\w*|QgsFileDownloader\w*|QgsHttp\w*|QTcp\w*|QUdp\w*|QSsl\w*|QWeb\w*|QProcess\w*|"
    r"QgsAuth\w*|QgsPythonRunner|QDesktopServices"
)
#: What is there for a reason: (file, name).
ALLOWED = {
    # Opens the guide that comes with the plugin, and reports that runs have written, in the user's browser.
    ("plugin/main.py", "QDesktopServices"): "opens local pages",
    ("plugin/gui/documents.py", "QDesktopServices"): "opens local pages",
    # Talks to the scheduler whose address the user has given, and to none without it.
    ("plugin/core/workers/cluster.py", "distributed"): "workers of the user's scheduler",
    ("plugin/core/workers/cluster_worker.py", "distributed"): "runs on such a worker",
    # Asks Windows how much memory is free.
    ("plugin/core/windowed/memory.py", "ctypes"): "free memory on Windows",
    ("plugin/ml/device.py", "ctypes"): "returning freed memory by the GNU C library",
    # Sums over the processes that a user has started with torchrun.
    ("plugin/ml/training/distributed.py", "torch.distributed"): "training on several GPUs",
}


def found(path: Path) -> set[str]:
    """What a file imports, calls or names that needs a reason."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = "" if isinstance(node, ast.ImportFrom) and node.level else getattr(node, "module", None)
            modules = [alias.name for alias in node.names] if module is None else [module] if module else []
            names |= {m.split(".")[0] for m in modules if m.split(".")[0] in NETWORK | PROGRAMS | PICKLES}
            names |= {"multiprocessing" for m in modules if m.split(".")[0] == "multiprocessing"}
            names |= {m for m in modules if m in ("torch.distributed", "torch.hub")}
            names |= {alias.name for alias in node.names if QT.fullmatch(alias.name)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            names.add(node.func.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            pattern = ATTRIBUTES.get(node.value.id)
            if pattern and re.fullmatch(pattern, node.attr):
                names.add(f"{node.value.id}.{node.attr}")
        elif (
            isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and getattr(node.value, "value", 1) is not False
        ):
            names.add(node.arg)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(checkout.ROOT)))
def test_no_network_no_programs_no_pickles(path):
    name = path.relative_to(checkout.ROOT).as_posix()
    assert {what for what in found(path) if (name, what) not in ALLOWED} == set()


def test_what_is_allowed_is_there():
    for name, what in ALLOWED:
        assert what in found(checkout.ROOT / name), name


@pytest.mark.parametrize(
    "code",
    [
        "import socket", "from urllib.request import urlopen", "import http.client as x", "import requests",
        "eval('1')",
        "exec(x)", "import pickle", "from marshal import loads", "import subprocess as s", "import os\nos.system('x')",
        "os.execvp('a', [])", "torch.load(p)", "torch.load(p, weights_only=True)", "np.load(p, allow_pickle=True)",
        "from qgis.core import QgsNetworkAccessManager", "from qgis.PyQt.QtNetwork import QNetworkRequest",
        "from qgis.PyQt.QtCore import QProcess", "import ctypes", "def f():\n    import shelve",
        "compile(s, '', 'exec')",
        "from qgis.core import QgsBlockingNetworkRequest", "import torch.hub",
    ],
)  # fmt: skip
def test_the_check_sees_it(tmp_path, code):
    (tmp_path / "x.py").write_text(code)
    assert found(tmp_path / "x.py")


def test_the_bill_of_materials_lists_every_file_and_dependency():
    bill = package.bill_of_materials(package.shipped_files())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["name"] == "slopecast"
    kinds = {kind: {c["name"] for c in bill["components"] if c["type"] == kind} for kind in ("library", "file")}
    assert {"torch", "safetensors", "numpy", "GDAL", "QGIS", "numba"} <= kinds["library"]
    assert kinds["file"] == set(package.shipped_files())
    hashes = {c["name"]: c["hashes"][0]["content"] for c in bill["components"] if c["type"] == "file"}
    listed = (checkout.ROOT / "model_weights" / "SHA256SUMS").read_text(encoding="ascii")
    assert hashes["model_weights/network.safetensors"] in listed
    assert json.loads(json.dumps(bill)) == bill


def test_requirements_have_floors_with_reasons():
    lines = (checkout.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert re.fullmatch(r"[a-z]+>=\d+(\.\d+)+", line), line
            assert lines[place - 1].startswith("#"), f"{line} has no reason"
