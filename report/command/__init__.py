"""The command line, and the build that it starts: from the ledger to the published report."""
