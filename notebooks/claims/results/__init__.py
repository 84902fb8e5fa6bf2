"""Computed numbers as findings: each knows its interval, its formula and its inputs, and has an id to link to.

Read `finding` first; `store` is what a notebook keeps its findings in, `anchors` where the report explains each id.
"""
