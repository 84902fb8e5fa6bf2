"""Reports on other subjects: write a repository that carries this engine and program, and bring a newer one into it.

Start with `creating.py`. `engine_files` says which files a repository takes from this one and what is replaced in them,
`first_files` what it begins with and owns from then on: notebooks, ledger, README, from `templates/repository`.
`example` adds and removes the example, `texts` registers texts, `record` remembers what was written, and `updating`
replaces it by what is newer.
"""
