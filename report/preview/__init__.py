"""The report while it is being written: a page in the browser that follows every save.

Read `session` first. It serves the page (`server`, `served`) and watches the inputs (`watching`) in one process, and
starts another, the `worker`, which runs notebooks (`live`) and renders what changed (`rendering`, `outlines`). A change
of the program or of a package replaces the worker, so that no old code stays loaded. Nothing published changes.
"""
