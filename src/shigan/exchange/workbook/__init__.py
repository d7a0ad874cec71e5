"""Workbooks: untrusted .xlsx in, checked rows out; templates, tables and marked faults back to the office."""

from shigan.exchange.workbook.read import Sheet, read_workbook
from shigan.exchange.workbook.table import Column, Reading, Row, Table, find_table, read_rows, read_table
from shigan.exchange.workbook.write import mark_faults, write_table, write_template

__all__ = [
    "Column",
    "Reading",
    "Row",
    "Sheet",
    "Table",
    "find_table",
    "mark_faults",
    "read_rows",
    "read_table",
    "read_workbook",
    "write_table",
    "write_template",
]
