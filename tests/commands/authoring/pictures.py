"""``make pictures``: the pictures of README and guide, and the gallery of all windows and results, from the product.

The gallery is ``build/gallery/index.html``: look at it before each release. Texts that are cut and widgets that overlap
are printed, and named below their pictures.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "e2e"))
import desktop
from checkout import ROOT
from PIL import Image
from qgis_process import QgisProcess

from . import gallery
from .map_picture import Picture, draw

SCENARIO = {"COHESION": 8, "FRICTION_ANGLE": 28, "CONDUCTIVITY": 3e-6, "RAINFALL": 8.5, "DURATION": 24}
#: Pictures of the desktop, by the name that the guide uses.
DESKTOP = {
    "first_start": "0_first_start", "dialog": "0c_first_mask", "result": "4b_map", "live_panel": "6_live",
    "calibration": "9_calibration", "calibration_map": "9b_calibrated", "calibration_report": "9c_calibration_report",
    "calibration_classes": "9d_calibrated_classes",
}  # fmt: skip
GALLERY = ROOT / "build" / "gallery"
COLOURS = 256
LARGEST_BYTES = 300_000


def main() -> int:
    """Draw all; 1 where a text of the gallery does not fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("readme", "gallery"), help="one of both")
    only = parser.parse_args().only
    if only != "gallery":
        draw_for_readme()
    if only == "readme":
        return 0
    problems = gallery.make(GALLERY)
    print("\n".join([*problems, f"Gallery: {GALLERY / 'index.html'}"]))
    return 1 if problems else 0


def draw_for_readme() -> None:
    """Draw what README and guide show."""
    docs = ROOT / "docs"
    docs.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="slopecast-pictures-") as name:
        folder = Path(name)
        qgis = QgisProcess()
        made = qgis.run("slopecast:exampledata", OUTPUT_FOLDER=folder / "example")
        mask = folder / "mask.tif"
        done = qgis.run(
            "slopecast:predictfailuremask", **SCENARIO,
            DEM=made["DEM"], SOIL_DEPTH=made["SOIL_DEPTH"], FAILURE_MASK=mask,
        )  # fmt: skip
        share = 100 * float(done["FAILED_SHARE"])
        subtitle = (
            f"rain {SCENARIO['RAINFALL']} mm/h for {SCENARIO['DURATION']} h; c {SCENARIO['COHESION']} kPa, "
            f"phi {SCENARIO['FRICTION_ANGLE']} deg, K {SCENARIO['CONDUCTIVITY']} m/s; {share:.1f} % of the cells fail"
        )
        draw(Picture("Example data (synthetic)", subtitle, Path(made["DEM"]), mask, docs / "example_map.png"))
        print(f"{docs / 'example_map.png'}: {done['FAILED_CELLS']} failed cells, {done['RELIABILITY']}")
        report = desktop.run(folder / "desktop")
        if report["errors"]:
            sys.exit("\n".join(report["errors"]))
        drawn, solved = report["example"]["seconds"]
        print(f"first mask in the desktop: {drawn:.1f} s for the example data, {solved:.1f} s for the mask")
        for picture, taken in DESKTOP.items():
            shrink(folder / "desktop" / f"{taken}.png", docs / f"{picture}.png")


def shrink(source: Path, target: Path) -> None:
    """Copy a picture with few colours: the repository keeps it for ever."""
    picture = Image.open(source).convert("RGB")
    # The octree keeps colours that are rare, such as that of a note; the median cut makes them grey.
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target}: {size / 1000:.0f} kB")
    if size > LARGEST_BYTES:
        sys.exit(f"{target.name} is larger than {LARGEST_BYTES / 1000:.0f} kB")
