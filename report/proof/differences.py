"""Where two versions of a published file differ first, and whether that is a matter of values or of bytes alone."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from report.runs.selection import joined

NUMBER = re.compile(r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
ID = re.compile(r'\bid="([^"]+)"')
PICTURE = re.compile(r'(?:<svg\b.*?</svg>|data:image/[^"\')]+)', re.S)
CLOSE = 1e-9  # relative; results are written with twelve digits
AROUND = 40


@dataclass(frozen=True)
class Difference:
    """The first place where a file is not what it was: where, of what kind, what stood there and what stands there now.

    `of_values` says that what a reader is told differs, not only the bytes it is told with.
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


def first(file: str, was: bytes | None, now: bytes | None) -> Difference | None:
    """Return where a file differs first, None if its bytes are the same; one that is not there is None."""
    if was == now:
        return None
    if was is None:
        return Difference(file, "", "is not published")
    if now is None:
        return Difference(file, "", "is published, and nothing makes it")
    try:
        return KINDS.get(file.rpartition(".")[2], _of_bytes)(file, was, now)
    except Exception as error:  # damaged, so that it cannot be read as what it says it is
        return Difference(file, "", f"cannot be read ({type(error).__name__})")


def same(was: str, now: str) -> bool:
    """Return whether two texts say the same: the same words, and numbers that are as good as equal.

    >>> same("7.3% of 41", "7.300000000001% of 41"), same("7.3%", "7.4%")
    (True, False)
    """
    if was == now:
        return True
    if NUMBER.sub("#", was) != NUMBER.sub("#", now):
        return False
    pairs = zip(NUMBER.findall(was), NUMBER.findall(now), strict=True)
    return all(math.isclose(_number(one), _number(other), rel_tol=CLOSE) for one, other in pairs)


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def numbers(file: str, data: bytes) -> int:
    """Return how many values a file holds that are compared one by one: cells of tables, fields of findings."""
    if file.endswith(".csv"):
        return sum(len(row) for row in _rows(data)[1:])
    if file.endswith("findings.json"):
        return sum(len(finding) for finding in json.loads(data)["findings"])
    return 0


def cells(file: str, data: bytes) -> int:
    """Return how many code cells a file holds."""
    return sum(cell["cell_type"] == "code" for cell in json.loads(data)["cells"]) if file.endswith(".ipynb") else 0


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"))))


def _of_tables(file: str, was: bytes, now: bytes) -> Difference:
    before, after = _rows(was), _rows(now)
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=[]), start=1):
        for place, (one, other) in enumerate(zip_longest(old, new, fillvalue="")):
            if one != other:
                head = before[0] if before else []
                column = head[place] if place < len(head) else str(place + 1)
                agree = _tables_agree(before, after)
                return Difference(
                    file, f"{_row(number, head, old or new)}, column {column}", "value", one, other, not agree
                )
    return _of_bytes(file, was, now)


def _row(number: int, head: list[str], row: list[str]) -> str:
    """Return which row it is, with the reading, notebook and id of one of a sweep.

    >>> _row(7, ["reading", "notebook", "kind", "id"], ["narrow", "20_growth_rates", "finding", "trade_growth"])
    'row 7 (narrow, 20_growth_rates, trade_growth)'
    """
    if head[:4] != ["reading", "notebook", "kind", "id"] or len(row) < 4:
        return f"row {number}"
    return f"row {number} ({', '.join((*row[:2], row[3]))})"


def _tables_agree(before: list[list[str]], after: list[list[str]]) -> bool:
    if [len(row) for row in before] != [len(row) for row in after]:
        return False
    return all(
        same(one, other) for old, new in zip(before, after, strict=True) for one, other in zip(old, new, strict=True)
    )


def _of_findings(file: str, was: bytes, now: bytes) -> Difference:
    before, after = ({one["id"]: one for one in json.loads(data)["findings"]} for data in (was, now))
    for id in [*before, *(id for id in after if id not in before)]:
        old, new = before.get(id, {}), after.get(id, {})
        for key in [*old, *(key for key in new if key not in old)]:
            if old.get(key) != new.get(key):
                agree = same(_json(before), _json(after))
                return Difference(file, f"{id}, {key}", "value", _short(old.get(key)), _short(new.get(key)), not agree)
    return _of_bytes(file, was, now)


def _of_manifests(file: str, was: bytes, now: bytes) -> Difference:
    before, after = json.loads(was), json.loads(now)
    key, one, other = next(_paths(before, after), ("", None, None))
    if not key:
        return _of_bytes(file, was, now)
    return Difference(file, key, "entry", _short(one), _short(other), before.get("counts") != after.get("counts"))


def _of_crates(file: str, was: bytes, now: bytes) -> Difference:
    before, after = ({one["@id"]: one for one in json.loads(data)["@graph"]} for data in (was, now))
    key, one, other = next(_paths(before, after), ("", None, None))
    if not key:
        return _of_bytes(file, was, now)
    agree = _but_for_hashes(before) == _but_for_hashes(after)
    return Difference(file, key, "entry", _short(one), _short(other), not agree)


def _but_for_hashes(entities: Mapping[str, Mapping]) -> list[dict]:
    """Return what a crate says of anything but the bytes of its files."""
    hashes = ("sha256", "contentSize")
    told = [{key: value for key, value in entity.items() if key not in hashes} for entity in entities.values()]
    return [entity if not _is_hash(entity) else entity | {"identifier": ""} for entity in told]


def _is_hash(entity: Mapping) -> bool:
    return str(entity.get("identifier", "")).startswith("ni:")


def _paths(one, other, path: str = "") -> Iterator[tuple[str, object, object]]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in [*one, *(key for key in other if key not in one)]:
            yield from _paths(one.get(key), other.get(key), f"{path}, {key}".removeprefix(", "))
    elif one != other:
        yield path, one, other


def _of_notebooks(file: str, was: bytes, now: bytes) -> Difference:
    before, after = json.loads(was)["cells"], json.loads(now)["cells"]
    agree = same(_told(before), _told(after))
    for old, new in zip_longest(before, after, fillvalue={}):
        cell = f"cell {(old or new)['id']}"
        if old.get("id") != new.get("id"):
            return Difference(file, cell, "cell", old.get("id", "none"), new.get("id", "none"))
        if joined(old["source"]) != joined(new["source"]):
            one, other = _apart(joined(old["source"]), joined(new["source"]))
            return Difference(file, cell, "text" if old["cell_type"] == "markdown" else "code", one, other)
        for number, (one, other) in enumerate(zip_longest(old.get("outputs", []), new.get("outputs", [])), start=1):
            if one != other:
                kind, old_text, new_text = _of_outputs(one or {}, other or {})
                return Difference(file, f"{cell}, output {number}", kind, *_apart(old_text, new_text), not agree)
    return _of_bytes(file, was, now)


def _of_outputs(one: Mapping, other: Mapping) -> tuple[str, str, str]:
    """Return the first kind of content in which two outputs differ, and what each says."""
    old, new = one.get("data", {"text": one.get("text", "")}), other.get("data", {"text": other.get("text", "")})
    for kind in sorted(old.keys() | new.keys()):
        if old.get(kind) != new.get(kind):
            return kind, _json(old.get(kind, "")), _json(new.get(kind, ""))
    return "output", _json(one), _json(other)


def _told(cells) -> str:
    """Return everything that cells say, without their pictures."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    bundles = [output.get("data", {"text": output.get("text", "")}) for output in outputs]
    shown = [{kind: held for kind, held in bundle.items() if not kind.startswith("image/")} for bundle in bundles]
    return _json([[joined(cell["source"]) for cell in cells], shown])


def _of_pages(file: str, was: bytes, now: bytes) -> Difference:
    before, after = was.decode("utf-8"), now.decode("utf-8")
    agree = same(PICTURE.sub("", before), PICTURE.sub("", after))
    at = _first_apart(before, after)
    anchors = ID.findall(before[:at])
    where = f"after #{anchors[-1]}" if anchors else "at its beginning"
    return Difference(file, where, "text" if not agree else "picture or markup", *_apart(before, after), not agree)


def _of_pdfs(file: str, was: bytes, now: bytes) -> Difference:
    import pikepdf

    with pikepdf.open(io.BytesIO(was)) as before, pikepdf.open(io.BytesIO(now)) as after:
        for number, (old, new) in enumerate(zip_longest(before.pages, after.pages), start=1):
            if old is None or new is None:
                return Difference(
                    file, f"page {number}", "page", *("none" if one is None else "there" for one in (old, new))
                )
            if _content(old) != _content(new):
                return Difference(file, f"page {number}", "what is drawn on it", of_values=False)
        attached = [
            {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()} for pdf in (before, after)
        ]
    for name in sorted(attached[0].keys() | attached[1].keys()):
        if attached[0].get(name) != attached[1].get(name):
            return Difference(file, f"the attached {name}", "file")
    return Difference(file, "outside its pages and attachments", "bytes", of_values=False)


def _content(page) -> bytes:
    contents = page.obj.get("/Contents")
    streams = contents if isinstance(contents, list) or type(contents).__name__ == "Array" else [contents]
    return b"".join(stream.read_bytes() for stream in streams if stream is not None)


def _of_drawings(file: str, was: bytes, now: bytes) -> Difference:
    lines = zip_longest(was.decode("utf-8").splitlines(), now.decode("utf-8").splitlines(), fillvalue="")
    apart = ((n, one, other) for n, (one, other) in enumerate(lines, start=1) if one != other)
    number, one, other = next(apart, (0, "", ""))
    if not number:
        return _of_bytes(file, was, now)
    return Difference(file, f"line {number}", "drawing", *_apart(one, other), of_values=False)


def _of_pixels(file: str, was: bytes, now: bytes) -> Difference:
    from PIL import Image, ImageChops

    one, other = (Image.open(io.BytesIO(data)).convert("RGBA") for data in (was, now))
    if one.size != other.size:
        return Difference(
            file, "", "size", *(f"{each.width} × {each.height}" for each in (one, other)), of_values=False
        )
    box = ImageChops.difference(one, other).getbbox(alpha_only=False)
    where = f"pixels {box[0]} to {box[2]} of rows {box[1]} to {box[3]}" if box else "beside its pixels"
    return Difference(file, where, "picture", of_values=False)


def _of_bytes(file: str, was: bytes, now: bytes) -> Difference:
    at = next((n for n, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), min(len(was), len(now)))
    return Difference(file, f"byte {at + 1}", "bytes", of_values=False)


def _first_apart(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return both texts from a little before they part.

    >>> _apart("the same, then 41", "the same, then 42")
    ('the same, then 41', 'the same, then 42')
    """
    begin = max(_first_apart(one, other) - AROUND // 2, 0)
    return one[begin : begin + AROUND], other[begin : begin + AROUND]


def _json(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _short(value) -> str:
    text = "none" if value is None else _json(value)
    return text if len(text) <= AROUND else f"{text[:AROUND]}…"


def _of_json(file: str, was: bytes, now: bytes) -> Difference:
    kinds = {"manifest.json": _of_manifests, "ro-crate-metadata.json": _of_crates}
    return kinds.get(file.rpartition("/")[2], _of_findings)(file, was, now)


KINDS = {
    "csv": _of_tables,
    "json": _of_json,
    "ipynb": _of_notebooks,
    "html": _of_pages,
    "pdf": _of_pdfs,
    "svg": _of_drawings,
    "png": _of_pixels,
}
