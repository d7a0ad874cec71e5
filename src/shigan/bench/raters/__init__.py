"""The gaming benchmark: honest and attacked counties of known truth, their oracle, and what is measured."""
