"""Processing algorithm that trains a network on a data set."""

from __future__ import annotations

import gc
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import Cancelled, InputError, SlopecastError
from ..core.files.atomic import atomic_write, one_run_in
from ..core.files.inputs import InputChanged
from ..core.files.whole import write_text
from ..text import Text, joined
from .base import Inputs, SlopecastAlgorithm
from .outputs.provenance import version
from .parameter_values import ParameterValues
from .parameters.definitions import (
    choice_input,
    csv_output,
    dataset_input,
    file_output,
    number_input,
    report_output,
    switch_input,
)
from .parameters.network import DEVICES, network_installed, weights_input
from .translation import tr

if TYPE_CHECKING:
    from ..ml.training.train import Trained
    from .log import Log

_ARCHITECTURES = {
    "network": "U-Net that corrects a first guess, for any area",
    "paper": "U-Net of the paper (Jeong et al.), for one study area",
}
_MODEL = "Network weights (MODEL)"
_LONGEST_NAME = 60  # of the part of a hidden folder's name that is the model's
#: How a model card's page begins.
CARD_TITLE = "# Model card: "
_NO_GAIN = 5e-5  # in the mean IoU: what four digits do not show


class TrainModel(SlopecastAlgorithm):
    """Trains, fine-tunes or resumes a network."""

    ID = "trainmodel"
    TITLE = "Train a network"
    GROUP = "training"
    SUMMARY = (
        "Trains a U-Net on a data set of 'Build a training set'. An initial network is fine-tuned on scenarios "
        "simulated in your own study area, and the report compares the result with it. Scenarios with strong lateral "
        "flow on small cells contribute most; cases with a less accurate first guess are sampled more often. A "
        "training that was stopped continues when it is run again with the same inputs and output file. Needs the "
        "Python packages torch and safetensors."
    )
    TAGS = ("training", "fine-tuning", "deep learning", "U-Net")
    NUMBERS = {
        "MEAN_IOU": "Mean IoU on the validation cases",
        "INITIAL_MEAN_IOU": "Mean IoU of the initial network on them",
    }
    INPUTS = (
        dataset_input(),
        choice_input(
            "ARCHITECTURE", "Architecture",
            "The U-Net corrects the water table of a first guess. The paper's network predicts the mask from six "
            "channels and is valid only in the study area on which it was trained.", choices=_ARCHITECTURES,
        ),
        weights_input(
            "INITIAL_MODEL", "Initial network",
            "Weights to start from, of the same architecture, e.g. those supplied with the plugin. If empty, training "
            "starts from random weights.",
        ),
        number_input(
            "EPOCHS", "Epochs",
            "Paper: passes over the training set, 75 if empty. Correction network: epochs of at most 500 steps; if "
            "empty, 40, or 8 with an initial network.", limits=(1, 100_000), whole=True,
        ),
        number_input(
            "BATCH_SIZE", "Batch size", "Cases per step; if empty, 8 (paper) or 4.", limits=(1, 1024), whole=True
        ),
        number_input(
            "LEARNING_RATE", "Learning rate", "If empty, 1e-4 (paper) or 8e-4, times 0.15 with an initial network.",
            limits=(1e-8, 1.0), decimals=8,
        ),
        number_input(
            "DROPOUT", "Dropout",
            "Share of channels dropped at random, only in the paper's network; if empty, 0.2.", limits=(0.0, 0.9),
        ),
        number_input(
            "WIDTH", "Width", "Channels of the U-Net's first level; if empty, 16 (paper) or 32.", advanced=True,
            limits=(1, 256), whole=True,
        ),
        number_input(
            "PATIENCE", "Patience",
            "Training stops after this number of epochs without a better Dice coefficient on the validation cases, and "
            "the best weights are kept. If empty, all epochs are run.", advanced=True, limits=(1, 10_000), whole=True,
        ),
        switch_input(
            "AUGMENT", "Flips and 90-degree rotations",
            "Train also on flipped and rotated copies of each study area.", on=True,
        ),
        number_input(
            "SEED", "Seed", "The same seed gives the same training on the same device.",
            default=0, limits=(0, 2_000_000), whole=True,
        ),
        choice_input(
            "DEVICE", "Device", "Where the network is trained; the log names the device used.",
            advanced=True, choices=DEVICES,
        ),
    )  # fmt: skip
    OUTPUTS = (
        file_output(
            "MODEL", "Network weights",
            "The trained weights, with a model card (.md) of the same name; use them as MODEL in 'Predict failure "
            "mask'.", endings=(".safetensors",), files="Network weights",
        ),
        csv_output("HISTORY", "History", "One row per epoch: loss and agreement with the engine.", optional=True),
        report_output("One page with the training curves, and the validation cases before and after."),
    )  # fmt: skip

    def canExecute(self) -> tuple[bool, str]:
        """Return whether it can run, and the missing packages if not; the algorithm stays visible."""
        return network_installed()

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Train, judge, and write weights, history and report."""
        from ..ml.device import choose_device, require_torch

        require_torch()  # models and scripts do not ask canExecute()
        from ..ml.training.loop import CHECKPOINT, HISTORY
        from ..ml.training.train import TrainingOptions, train

        paths = {output.key: getattr(inputs, output.name) for output in self.OUTPUTS}
        model, history, report = paths.values()
        _check_card(model.with_suffix(".md"))
        device, device_name = choose_device(inputs.device, log)
        log.pushInfo(tr("Device: {}.").format(device_name))
        options = TrainingOptions(
            architecture=inputs.architecture, initial=inputs.initial_model, epochs=inputs.epochs,
            batch=inputs.batch_size, learning_rate=inputs.learning_rate, dropout=inputs.dropout, width=inputs.width,
            patience=inputs.patience or 0, augment=inputs.augment, seed=inputs.seed, device=device.type,
        )  # fmt: skip
        folders = [path.parent for path in paths.values() if path is not None]
        with one_run_in(model.parent, _MODEL, f"{model.stem[:_LONGEST_NAME]}.training") as work:
            folder = work.path / "run"
            if (folder / CHECKPOINT).exists():
                log.pushInfo(tr("A stopped training is continued from its checkpoint in {}.").format(folder))
            try:
                with atomic_write(folders, _MODEL, {model.parent: work}) as partials:
                    target, about = partials.path(model), {"commit": f"Slopecast {version()}"}
                    trained = train(folder, inputs.dataset, options, target, log, about)
                    if history is not None:
                        rows = (folder / HISTORY).read_text(encoding="utf-8")
                        write_text(partials.path(history), rows)
                    if report is not None:
                        write_text(partials.path(report), _page(inputs, trained, device_name))
                    numbers = _numbers(trained, log)
                    del trained  # Windows does not delete files that its study areas are read from
                    gc.collect()
            except Cancelled:
                work.keep = (folder / CHECKPOINT).exists()
                raise _stopped(folder if work.keep else None) from None
            except SlopecastError as error:
                work.keep = (folder / CHECKPOINT).exists() and not isinstance(error, InputChanged)
                raise
        outputs = {key: str(path) for key, path in paths.items() if path is not None}
        return {**outputs, **numbers}


def _check_card(card: Path) -> None:
    """Raise :class:`InputError` if the model card would replace another file."""
    is_own = (
        os.access(card, os.R_OK) and os.path.isfile(card) and card.read_bytes().startswith(CARD_TITLE.encode("utf-8"))
    )
    if os.path.exists(card) and not is_own:
        raise InputError(
            _MODEL, Text("its model card would replace '{}', which is not a model card", card),
            "a name that no other .md file in the folder has", "Choose another output file.",
        )  # fmt: skip


def _stopped(folder: Path | None) -> Cancelled:
    """The user stopped the training; its checkpoint is kept in a folder, if there is one."""
    stopped = Text("Stopped by the user; no results were written.")
    kept = Text(
        "The state of the training is kept in '{}': train again with the same inputs and output file to continue, or "
        "delete that folder.", folder,
    )  # fmt: skip
    return Cancelled(stopped if folder is None else joined(" ", (stopped, kept)))


def _page(inputs: Inputs, trained: Trained, device: str) -> str:
    from ..core.reports.training import read_history, training_page

    card, settings = trained.card, trained.run.settings
    about = {
        tr("Network"): card["id"],
        tr("Data set"): tr("{}, {} cases").format(card["training"]["data"], len(inputs.dataset)),
        tr("Initial network"): str(inputs.initial_model or tr("none")),
        tr("Epochs"): tr("{}, {} steps").format(card["training"]["epochs"], card["training"]["steps"]),
        tr("Batch size, learning rate"): f"{settings.batch}, {settings.learning_rate:g} ({settings.schedule})",
        tr("Time"): f"{card['training']['seconds']} s; {device}",
        tr("Created by"): f"Slopecast {version()}, {datetime.now(timezone.utc).isoformat(timespec='seconds')}",
    }
    history = read_history(trained.run.folder / "history.csv")
    return training_page(tr("Training of {}").format(card["id"]), history, trained.evaluation, about)


def _numbers(trained: Trained, log: Log) -> dict[str, float]:
    """The accuracy outputs."""
    from ..ml.training.evaluate_weights import AFTER, BEFORE

    found = {}
    if trained.evaluation is None:
        log.pushWarning(tr("The data set has no validation cases: the accuracy of the network cannot be measured."))
        return found
    for key, name in (("INITIAL_MEAN_IOU", BEFORE), ("MEAN_IOU", AFTER)):
        if name in trained.evaluation.scores:
            found[key] = float(trained.evaluation.summary(name)["mean_iou"])
            log.pushInfo(
                tr("Mean IoU of the masks on the validation cases, {} network: {:.4f}").format(tr(name), found[key])
            )
    gain = found["MEAN_IOU"] - found.get("INITIAL_MEAN_IOU", found["MEAN_IOU"] - 1.0)
    if gain < _NO_GAIN:
        log.pushWarning(tr("The training did not improve the masks ({:+.4f}): keep the initial network.").format(gain))
    return found
