"""Can these figures all hold? Relations as constraints, the network they form, verdicts and their causes."""
