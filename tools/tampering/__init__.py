"""Random tamperings of a sealed ledger: `tools/bench_mutations.py` counts how many are found and named."""
