"""Which notebooks run with which parameters, what is reused, and what comes out of a run."""
