"""票箱: the ballot box, a separate small program with its own SQLite file.

It knows no accounts, sets no cookies, keeps no log of requests, and imports `maths` alone. How it works, its
formats and what it cannot promise: docs/box.md.
"""
