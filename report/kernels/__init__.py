"""Run a notebook in a private kernel that reproduces its results anywhere, and record which files it reads."""
