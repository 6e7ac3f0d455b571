"""Bad inputs through ``qgis_process``: the error in words, a return code above 0, and nothing written.

A start of it takes some two seconds: twelve run among the tests, a third of all with ``make bad-inputs``.
"""

from __future__ import annotations

import os

import checkout
import pytest
from bad_inputs import BY_QGIS_PROCESS, CASES
from cases import filled
from qgis_process import QgisProcess

CHOSEN = BY_QGIS_PROCESS if os.environ.get("SLOPECAST_BAD_INPUTS") == "all" else BY_QGIS_PROCESS[::7]


@pytest.fixture(scope="module")
def qgis(tmp_path_factory):
    """The plugin from this checkout."""
    plugins = tmp_path_factory.mktemp("plugins")
    (plugins / "slopecast").symlink_to(checkout.ROOT)
    return QgisProcess(plugins)


@pytest.mark.parametrize("case", CHOSEN)
def test_refused_by_qgis_process_and_nothing_written(qgis, case, files, tmp_path):
    (algorithm, good), bad, words = CASES[case]
    given = {key: value for key, value in filled({**good, **bad}, files, tmp_path).items() if value is not None}
    done = qgis.call("run", f"slopecast:{algorithm}", "--", *(f"{key}={value}" for key, value in given.items()))
    text = done.stdout + done.stderr
    assert done.returncode != 0
    for word in words:
        assert word in text
    assert "Traceback" not in text
    assert list(tmp_path.iterdir()) == []
