"""``__init__.py`` of the zip that is sent to cluster workers: it unpacks the package once per user.

Compiled kernels are kept next to the sources, which a zip does not allow: each would compile them anew. Where the
files cannot be unpacked the package is used as it is.
"""

import contextlib
import os
import tempfile
import zipfile
from pathlib import Path


def unpacked(package: Path) -> Path:
    """Unpack a zip into the user's cache, whole or not at all, and return the folder; it is named after its content.

    Raises:
        OSError: the cache cannot be written.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slopecast"
    folder = cache / package.stem
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made, zipfile.ZipFile(package) as archive:
            archive.extractall(made)
            with contextlib.suppress(OSError):  # another worker was faster
                Path(made).rename(folder)
                Path(made).mkdir()  # for what removes it
    return folder


_zip = Path(__file__).parents[1]
if _zip.suffix == ".zip" and _zip.is_file():
    with contextlib.suppress(OSError, RuntimeError):  # no home, or none to write to
        __path__ = [str(unpacked(_zip) / Path(__file__).parent.name)]
