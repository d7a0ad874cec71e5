"""Benchmarks of the judges' mathematics on counties that are made up; nothing of the product calls it."""
