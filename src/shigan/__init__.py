"""实干 (Shigan): the working ledger of a county's organization department. Floors: docs/floors.md."""
