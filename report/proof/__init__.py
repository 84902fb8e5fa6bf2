"""Is the report true? Every number followed to its line, hashes, status, verification, the research object."""
