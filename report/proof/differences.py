"""The first difference between two versions of a published file, and whether values differ or only bytes."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from report.runs.selection import join_lines

if TYPE_CHECKING:
    import pikepdf

__all__ = ["FileDifference", "count_cells", "count_values", "first_difference", "values_agree"]

NUMBER = re.compile(r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
ID = re.compile(r'\bid="([^"]+)"')
PICTURE = re.compile(r'(?:<svg\b.*?</svg>|data:image/[^"\')]+)', re.S)
SWEEP_COLUMNS = ["reading", "notebook", "kind", "id"]
HASHES = ("sha256", "contentSize")  # of a file's entity in the crate
CLOSE = 1e-9  # relative; results are written with twelve digits
NOTHING: Mapping[str, Any] = {}  # in place of a missing cell or output
AROUND = 40  # letters shown of a text that differs


@dataclass(frozen=True)
class FileDifference:
    """The first place where a file differs: where, in what kind of content, the old text and the new one.

    `of_values` is true if what a reader reads differs, false if only the bytes do.
    """

    file: str
    where: str
    kind: str
    was: str = ""
    now: str = ""
    of_values: bool = True

    def __str__(self) -> str:
        """Return it on one line."""
        place = ", ".join(filter(None, (self.file, self.where)))
        return f"{place}: {self.kind}" + (f", {self.was!r} → {self.now!r}" if self.was or self.now else "")


def first_difference(file: str, was: bytes | None, now: bytes | None) -> FileDifference | None:
    """Return where a file differs first, None if its bytes are the same; the bytes of a missing file are None."""
    if was == now:
        return None
    if was is None:
        return FileDifference(file, "", "is not published")
    if now is None:
        return FileDifference(file, "", "is published, but the build does not write it")
    try:
        compare = COMPARISONS.get(file.rpartition(".")[2])
        if difference := compare and compare(file, was, now):
            return difference
        return FileDifference(file, f"byte {_common_length(was, now) + 1}", "bytes", of_values=False)
    except Exception as error:  # damaged: its content is not what its name promises
        return FileDifference(file, "", f"cannot be read ({type(error).__name__})")


def values_agree(was: str, now: str) -> bool:
    """Return whether two texts have the same words, and numbers that are as good as equal.

    >>> values_agree("7.3% of 41", "7.300000000001% of 41"), values_agree("7.3%", "7.4%")
    (True, False)
    """
    if was == now:
        return True
    if NUMBER.sub("#", was) != NUMBER.sub("#", now):
        return False
    pairs = zip(NUMBER.findall(was), NUMBER.findall(now), strict=True)
    return all(math.isclose(_to_float(old), _to_float(new), rel_tol=CLOSE) for old, new in pairs)


def _to_float(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def count_values(file: str, data: bytes) -> int:
    """Return how many values of a file are compared one by one: cells of tables, fields of findings."""
    if file.endswith(".csv"):
        return sum(len(row) for row in _read_rows(data)[1:])
    if file.endswith("findings.json"):
        return sum(len(finding) for finding in json.loads(data)["findings"])
    return 0


def count_cells(file: str, data: bytes) -> int:
    """Return how many code cells a file has."""
    return sum(cell["cell_type"] == "code" for cell in json.loads(data)["cells"]) if file.endswith(".ipynb") else 0


# ---- tables ----


def _read_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"))))


def _compare_tables(file: str, was: bytes, now: bytes) -> FileDifference | None:
    before, after = _read_rows(was), _read_rows(now)
    head = before[0] if before else []
    for number, (old, new) in enumerate(zip_longest(before, after), start=1):
        for index, (one, other) in enumerate(zip_longest(old or [], new or [], fillvalue="")):
            if one != other:
                column = head[index] if index < len(head) else str(index + 1)
                where = f"{_row_name(number, head, old or new or [])}, column {column}"
                return FileDifference(file, where, "value", one, other, not _tables_agree(before, after))
    return None


def _row_name(number: int, head: list[str], row: list[str]) -> str:
    """Return the name of a row, with reading, notebook and id in the table of a sweep.

    >>> _row_name(7, SWEEP_COLUMNS, ["narrow", "20_growth_rates", "finding", "trade_growth"])
    'row 7 (narrow, 20_growth_rates, trade_growth)'
    """
    if head[:4] != SWEEP_COLUMNS or len(row) < 4:
        return f"row {number}"
    return f"row {number} ({', '.join((*row[:2], row[3]))})"


def _tables_agree(before: list[list[str]], after: list[list[str]]) -> bool:
    if [len(row) for row in before] != [len(row) for row in after]:
        return False
    return all(map(values_agree, (cell for row in before for cell in row), (cell for row in after for cell in row)))


# ---- JSON: findings, the manifest, the crate ----


def _compare_json(file: str, was: bytes, now: bytes) -> FileDifference | None:
    before, after = json.loads(was), json.loads(now)
    match file.rpartition("/")[2]:
        case "manifest.json":
            return _compare_entries(file, "entry", before, after, before.get("counts") == after.get("counts"))
        case "ro-crate-metadata.json":
            before, after = ({entity["@id"]: entity for entity in crate["@graph"]} for crate in (before, after))
            return _compare_entries(file, "entry", before, after, _without_hashes(before) == _without_hashes(after))
        case _:
            before, after = ({finding["id"]: finding for finding in data["findings"]} for data in (before, after))
            return _compare_entries(file, "value", before, after, values_agree(_to_json(before), _to_json(after)))


def _compare_entries(file: str, kind: str, before: Mapping, after: Mapping, agree: bool) -> FileDifference | None:
    for path, old, new in _differing_entries(before, after):
        return FileDifference(file, path, kind, _shorten(old), _shorten(new), not agree)
    return None


def _differing_entries(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    if (old or new) and all(side is None or isinstance(side, Mapping) for side in (old, new)):
        old, new = old or {}, new or {}
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differing_entries(old.get(key), new.get(key), f"{path}, {key}".removeprefix(", "))
    elif old != new:
        yield path, old, new


def _without_hashes(entities: Mapping[str, Mapping]) -> list[dict]:
    """Return a crate's entities without what depends on the bytes of its files."""
    kept = [{key: value for key, value in entity.items() if key not in HASHES} for entity in entities.values()]
    return [one | {"identifier": ""} if str(one.get("identifier")).startswith("ni:") else one for one in kept]


# ---- notebooks and pages ----


def _compare_notebooks(file: str, was: bytes, now: bytes) -> FileDifference | None:
    before, after = json.loads(was)["cells"], json.loads(now)["cells"]
    for old, new in zip_longest(before, after, fillvalue=NOTHING):
        cell = f"cell {(old or new)['id']}"
        if old.get("id") != new.get("id"):
            return FileDifference(file, cell, "cell", old.get("id", "none"), new.get("id", "none"))
        if join_lines(old["source"]) != join_lines(new["source"]):
            kind = "text" if old["cell_type"] == "markdown" else "code"
            return FileDifference(file, cell, kind, *_excerpts(join_lines(old["source"]), join_lines(new["source"])))
        outputs = zip_longest(old.get("outputs", []), new.get("outputs", []), fillvalue=NOTHING)
        for number, (one, other) in enumerate(outputs, start=1):
            if one != other:
                kind, old_text, new_text = _compare_outputs(one, other)
                agree = values_agree(_readable_text(before), _readable_text(after))
                where = f"{cell}, output {number}"
                return FileDifference(file, where, kind, *_excerpts(old_text, new_text), of_values=not agree)
    return None


def _compare_outputs(old: Mapping, new: Mapping) -> tuple[str, str, str]:
    """Return the first kind of content in which two outputs differ, and the content of each."""
    before, after = _bundle(old), _bundle(new)
    for kind in sorted(before.keys() | after.keys()):
        if before.get(kind) != after.get(kind):
            return kind, _to_json(before.get(kind, "")), _to_json(after.get(kind, ""))
    return "output", _to_json(old), _to_json(new)


def _bundle(output: Mapping) -> Mapping:
    return output.get("data", {"text": output.get("text", "")})


def _readable_text(cells: Sequence[Mapping]) -> str:
    """Return sources and outputs of cells, without their pictures."""
    bundles = [_bundle(output) for cell in cells for output in cell.get("outputs", [])]
    shown = [{kind: part for kind, part in bundle.items() if not kind.startswith("image/")} for bundle in bundles]
    return _to_json([[join_lines(cell["source"]) for cell in cells], shown])


def _compare_pages(file: str, was: bytes, now: bytes) -> FileDifference:
    before, after = was.decode("utf-8"), now.decode("utf-8")
    agree = values_agree(PICTURE.sub("", before), PICTURE.sub("", after))
    anchors = ID.findall(before[: _common_length(before, after)])
    where = f"after #{anchors[-1]}" if anchors else "at its beginning"
    kind = "picture or markup" if agree else "text"
    return FileDifference(file, where, kind, *_excerpts(before, after), of_values=not agree)


def _compare_texts(file: str, was: bytes, now: bytes) -> FileDifference | None:
    before, after = was.decode("utf-8").split("\n"), now.decode("utf-8").split("\n")
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=""), start=1):
        if old != new:
            agree = values_agree(was.decode("utf-8"), now.decode("utf-8"))
            return FileDifference(file, f"line {number}", "text", *_excerpts(old, new), of_values=not agree)
    return None


# ---- the PDF and pictures ----


def _compare_pdfs(file: str, was: bytes, now: bytes) -> FileDifference:
    import pikepdf

    with pikepdf.open(io.BytesIO(was)) as before, pikepdf.open(io.BytesIO(now)) as after:
        for number, (old, new) in enumerate(zip_longest(before.pages, after.pages), start=1):
            if old is None or new is None:
                was_there, is_there = ("none" if page is None else "there" for page in (old, new))
                return FileDifference(file, f"page {number}", "page", was_there, is_there)
            if _page_content(old) != _page_content(new):
                return FileDifference(file, f"page {number}", "what is drawn on it", of_values=False)
        old, new = (
            {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()} for pdf in (before, after)
        )
    for name, *_ in _differing_entries(old, new):
        return FileDifference(file, f"the attached {name}", "file")
    return FileDifference(file, "outside its pages and attachments", "bytes", of_values=False)


def _page_content(page: pikepdf.Page) -> bytes:
    contents: Any = page.obj.get("/Contents")
    streams = contents if type(contents).__name__ == "Array" else [contents]
    return b"".join(stream.read_bytes() for stream in streams if stream is not None)


def _compare_drawings(file: str, was: bytes, now: bytes) -> FileDifference | None:
    lines = zip_longest(was.decode("utf-8").splitlines(), now.decode("utf-8").splitlines(), fillvalue="")
    for number, (old, new) in enumerate(lines, start=1):
        if old != new:
            return FileDifference(file, f"line {number}", "drawing", *_excerpts(old, new), of_values=False)
    return None


def _compare_pixels(file: str, was: bytes, now: bytes) -> FileDifference:
    from PIL import Image, ImageChops

    old, new = (Image.open(io.BytesIO(data)).convert("RGBA") for data in (was, now))
    if old.size != new.size:
        before, after = (f"{image.width} × {image.height}" for image in (old, new))
        return FileDifference(file, "", "size", before, after, of_values=False)
    box = ImageChops.difference(old, new).getbbox(alpha_only=False)
    where = f"pixels {box[0]} to {box[2]} of rows {box[1]} to {box[3]}" if box else "beside its pixels"
    return FileDifference(file, where, "picture", of_values=False)


# ---- any file ----


def _common_length(old: str | bytes, new: str | bytes) -> int:
    """Return the length of the longest common beginning."""
    positions = (position for position, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(positions, min(len(old), len(new)))


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Return both texts from a little before their first difference.

    >>> _excerpts("the same, then 41", "the same, then 42")
    ('the same, then 41', 'the same, then 42')
    """
    start = max(_common_length(old, new) - AROUND // 2, 0)
    return old[start : start + AROUND], new[start : start + AROUND]


def _to_json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _shorten(value: object) -> str:
    text = "none" if value is None else _to_json(value)
    return text if len(text) <= AROUND else f"{text[:AROUND]}…"


COMPARISONS: dict[str, Callable[[str, bytes, bytes], FileDifference | None]] = {
    "csv": _compare_tables,
    "json": _compare_json,
    "ipynb": _compare_notebooks,
    "html": _compare_pages,
    "md": _compare_texts,
    "pdf": _compare_pdfs,
    "svg": _compare_drawings,
    "png": _compare_pixels,
}
