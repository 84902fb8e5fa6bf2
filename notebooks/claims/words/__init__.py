"""Numbers and verdicts in English: numerals, explanations, citations."""
