"""Read a folder of CSV files strictly against its data package, and list every problem at once.

Start with `schema.read_tables`; `messages` has the problems and the small phrases that all messages share.
"""

from claims.tables.messages import Problem, count_noun, did_you_mean, format_problems, unknown_row
from claims.tables.schema import read_tables
from claims.tables.table import CsvTable, Row, ids

__all__ = [
    "CsvTable", "Problem", "Row", "count_noun", "did_you_mean", "format_problems", "ids", "read_tables", "unknown_row",
]  # fmt: skip
