"""History of a training run: one row for each epoch, as CSV and, where TensorBoard is installed, in its log."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Mapping, Sequence

from ...core.files.whole import replacing, write_text


def add_to_history(path: Path, columns: Sequence[str], row: Mapping[str, Any]) -> None:
    """Add an epoch to a history, whole or not at all; rows of it and of later ones are of a run that was ended.

    Raises:
        OSError: it cannot be written.
    """
    rows = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            rows = [old for old in csv.DictReader(file) if (old["epoch"] or "").isdigit()]
    rows = [old for old in rows if int(old["epoch"]) < row["epoch"]]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, {k: f"{x:.6g}" if isinstance(x, float) else x for k, x in row.items()}])
    with replacing(path) as partial:
        write_text(partial, text.getvalue())


def to_tensorboard(folder: Path, row: Mapping[str, Any]) -> None:
    """Add an epoch to TensorBoard's log, where TensorBoard is installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return
    with SummaryWriter(str(folder / "tensorboard")) as writer:
        for key, value in row.items():
            writer.add_scalar(key, value, row["step"])
