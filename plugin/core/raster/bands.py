"""Chooses the band of a raster by name and content, never by position alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal, ogr

from ...text import Text, joined
from ..errors import InputError
from ..quantities.foreign_text import foreign_entries, foreign_text
from .gdal_errors import opened
from .inputs import ELEVATION, RasterInput
from .names import may_name, names_amount, names_another, names_only, quantities_named

#: Metadata of a raster that Slopecast wrote: its contents, in English whatever the language of the band's name.
OUTPUT = "SLOPECAST_OUTPUT"
_NAMES_SHOWN = 12
_COLOURS = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
#: Metadata of a band that name it where its description does not.
_NAME_KEYS = ("long_name", "standard_name", "NETCDF_VARNAME", "GRIB_COMMENT", "Band_Name", "DESCRIPTION")
_ADVICE = (
    "Choose the band in the layer's properties (Symbology > Singleband gray), or extract it with Raster > Conversion > "
    "Translate (gdal_translate -b)."
)


@dataclass(frozen=True)
class Band:
    """A band that holds data.

    Attributes:
        number: from 1.
        name: that the file gives it; may be empty.
        colour: whether it is a component of a colour picture.
    """

    number: int
    name: str
    colour: bool = False

    @property
    def title(self) -> str:
        """Number and name, e.g. ``4 'elev'``."""
        return f"{self.number} '{self.name}'" if self.name else f"{self.number}"


def data_bands(dataset: gdal.Dataset) -> list[Band]:
    """The bands of a raster, without alpha bands."""
    bands = []
    of_geopackage = _has_placeholder_names(dataset)
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        colour = band.GetColorInterpretation()
        if colour != gdal.GCI_AlphaBand:
            is_picture = band.DataType == gdal.GDT_Byte and colour in _COLOURS
            name = "" if band.GetDescription() == "Height" and of_geopackage else _band_name(band)
            written = dataset.GetMetadataItem(OUTPUT) if dataset.RasterCount == 1 else None
            name = Text(foreign_text(written)) if written else name
            bands.append(Band(number, name, is_picture))
    return bands


def chosen_band(dataset: gdal.Dataset, raster: RasterInput) -> tuple[Band, list[Band]]:
    """The band to read and all of them.

    The one that the user has chosen is taken, else the only one, else the only one whose name matches.

    Raises:
        InputError: lists the bands.
    """
    bands = data_bands(dataset)
    band = next((one for one in bands if one.number == raster.band), None)
    if raster.band and band is None:
        raise InputError(
            raster.label, Text("has no band {} that contains data", raster.band), _list_of_bands(bands), _ADVICE
        )
    if band is None:
        band = bands[0] if len(bands) == 1 else _band_by_name(bands, raster)
    if len(bands) > 1 and raster.kind == ELEVATION and (band or bands[0]).colour:
        raise InputError(
            raster.label, Text("is a colour picture of {} bands", len(bands)), "heights in metres",
            "Choose the elevation model, not its rendered picture.",
        )  # fmt: skip
    if band is None:
        raise InputError(
            raster.label,
            Text("has {} bands, and no band name identifies the one with: {}", len(bands), raster.kind.title),
            _list_of_bands(bands), _ADVICE,
        )  # fmt: skip
    return band, bands


def band_note(band: Band, bands: list[Band], raster: RasterInput) -> Text | None:
    """Which of several bands is read."""
    if len(bands) < 2:
        return None
    return Text("{}: band {} of {} is used.", raster.label, band.title, len(bands))


def band_caution(band: Band, raster: RasterInput) -> Text | None:
    """Caution if the name of the band, layer or file suggests another quantity."""
    required = Text("Does it contain the required values: {}?", raster.kind.title)
    if not may_name(band.name, raster.kind.names):
        return Text("{}: its band is named '{}'. {}", raster.label, band.name, required)
    names = [foreign_text(Path(raster.source.split("|", maxsplit=1)[0]).stem), foreign_text(raster.layer_name)]
    if raster.kind.names == ("rainfall",):
        amounts = [name for name in (band.name, *names) if names_amount(name)]
        if amounts:
            return Text("{}: it is named '{}'. {}", raster.label, amounts[0], required)
    others = [name for name in names if names_another(name, raster.kind.names)]
    if not others or any(quantities_named(name).intersection(raster.kind.names) for name in (*names, band.name)):
        return None
    return Text("{}: it is named '{}'. {}", raster.label, others[0], required)


def classes_caution(band: gdal.Band, raster: RasterInput) -> Text | None:
    """Caution if a quantity is wanted and the values have colours or names of their own, as codes of classes have."""
    has_colours = band.GetColorInterpretation() == gdal.GCI_PaletteIndex
    if not ((has_colours or band.GetCategoryNames() or _has_text_attributes(band)) and raster.kind.unit):
        return None
    return Text("{}: its values have a colour table or names, as codes of classes have. Does it contain the required "
                "values: {}?", raster.label, raster.kind.title)  # fmt: skip


def _has_text_attributes(band: gdal.Band) -> bool:
    """Whether an attribute table has texts, such as names of soils; tables of statistics have numbers alone."""
    table = band.GetDefaultRAT()
    columns = range(0 if table is None else table.GetColumnCount())
    return any(table.GetTypeOfCol(column) == gdal.GFT_String for column in columns) or _has_texts_in_vat(band)


def _has_texts_in_vat(band: gdal.Band) -> bool:
    """The same of ArcGIS's table next to a raster, which GDAL reads from 3.11 on."""
    dataset = band.GetDataset()  # kept: a layer does not hold it
    path = Path(f"{dataset.GetDescription()}.vat.dbf")
    table = opened(str(path), gdal.OF_VECTOR) if os.path.isfile(path) else None
    return table is not None and any(field.GetType() == ogr.OFTString for field in table.GetLayer(0).schema)


def _band_by_name(bands: list[Band], raster: RasterInput) -> Band | None:
    """The only band whose name matches completely."""
    named = [band for band in bands if names_only(band.name, raster.kind.names)]
    return named[0] if len(named) == 1 else None


def _has_placeholder_names(dataset: gdal.Dataset) -> bool:
    """Whether GDAL names every band of numbers ``Height``: in a GeoPackage, and in virtual rasters of one."""
    if dataset.GetDriver().ShortName == "GPKG":
        return True
    virtual = dataset.GetDriver().ShortName == "VRT"
    return virtual and any(file.lower().endswith(".gpkg") for file in dataset.GetFileList() or ())


def _band_name(band: gdal.Band) -> str:
    """The name that identifies a quantity, else the first one."""
    known = foreign_entries(band.GetMetadata())
    names = [name for name in (foreign_text(band.GetDescription()), *(known.get(key) for key in _NAME_KEYS)) if name]
    return next((name for name in names if quantities_named(name)), names[0] if names else "")


def _list_of_bands(bands: list[Band]) -> Text:
    titles = [band.title for band in bands[:_NAMES_SHOWN]]
    if len(bands) > _NAMES_SHOWN:
        titles.append(Text("and {} more", len(bands) - _NAMES_SHOWN))
    return Text("one of its bands: {}", joined(", ", titles)) if bands else Text("a band of values")
