"""Pictures of pages, compared: how much of two of them differs, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops

HERE = Path(__file__).resolve().parent
KEPT = HERE / "pictures"
SHOWN = HERE.parent / "report" / "build" / "pictures"
COLOURS = 48  # a picture is kept with as few, so that it is small; what differs less than a step between them is equal
STEP = 40
TOLERANCE = 0.0005  # the share of pixels that may differ
ACCEPT = 'make test ARGS="tests/report/pages/test_pictures.py --accept"'


@dataclass(frozen=True)
class PictureDifference:
    """The difference of two pictures: its share of their pixels, and a picture in which it is red."""

    share: float
    picture: Image.Image


def difference(actual: Image.Image, expected: Image.Image) -> PictureDifference:
    """Return how two pictures differ; where one is larger than the other, they differ."""
    size = (max(actual.width, expected.width), max(actual.height, expected.height))
    one, other = (on_a_canvas(picture, size) for picture in (actual, expected))
    bands = ImageChops.difference(one, other).split()
    largest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    mask = largest.point(lambda value: 255 if value > STEP else 0)
    for outside in (actual, expected):
        if outside.size != size:
            here = Image.new("L", size, 255)
            here.paste(0, (0, 0, *outside.size))
            mask = ImageChops.lighter(mask, here)
    differing = mask.histogram()[255]
    faint = Image.blend(one.convert("L").convert("RGB"), Image.new("RGB", size, "white"), 0.7)
    faint.paste((220, 0, 0), mask=mask)
    return PictureDifference(differing / (size[0] * size[1]), faint)


def on_a_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the picture in the upper left of a white one."""
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture.convert("RGB"))
    return canvas


def compare(
    actual: Image.Image, name: str, *, accept: bool, kept: Path = KEPT, shown: Path = SHOWN, colours: int = COLOURS
) -> None:
    """Compare a picture with the stored one, or store it; on failure write both and their difference."""
    path = kept / f"{name}.png"
    actual = actual.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    if accept:
        kept.mkdir(parents=True, exist_ok=True)
        actual.save(path, optimize=True)
        return
    if not path.exists():
        pytest.fail(f"there is no stored picture of {name}; {ACCEPT} stores one")
    with Image.open(path) as expected:
        comparison = difference(actual, expected)
    if comparison.share > TOLERANCE:
        shown.mkdir(parents=True, exist_ok=True)
        with Image.open(path) as expected:
            expected.save(shown / f"{name}-expected.png")
        actual.save(shown / f"{name}-actual.png")
        comparison.picture.save(shown / f"{name}-difference.png")
        pytest.fail(
            f"{name} looks different: {comparison.share:.2%} of its pixels, red in {shown / name}-difference.png "
            f"beside -actual.png and -expected.png; if it is meant to look so: {ACCEPT}"
        )
