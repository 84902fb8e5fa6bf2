"""Computed numbers: the formulas, and findings that know their interval, formula and inputs."""
