"""演示县: a made-up county from a seed, with planted misdeeds and their list. See `county`."""
