"""``make pictures``: the pictures of README and guide, taken from the product: the example map and the dialog."""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import desktop
from map_picture import Picture, draw
from qgis_process import ROOT, QgisProcess

SCENARIO = {"COHESION": 14, "FRICTION_ANGLE": 26.6, "CONDUCTIVITY": 1.3e-6, "RAINFALL": 8.5, "DURATION": 24}


def main() -> int:
    """Draw both."""
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
        draw(Picture("Example mountain (synthetic)", subtitle, Path(made["DEM"]), mask, docs / "example_map.png"))
        print(f"{docs / 'example_map.png'}: {done['FAILED_CELLS']} failed cells, {done['RELIABILITY']}")
        desktop.run(folder / "desktop")
        shutil.copyfile(folder / "desktop" / "4_result.png", docs / "dialog.png")
        print(docs / "dialog.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
