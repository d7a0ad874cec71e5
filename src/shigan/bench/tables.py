"""How benchmarks print their tables."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table


def headed(*heads: str) -> Table:
    """A table with a column of names; the heads of the others may have two lines."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at else "left", no_wrap=True)
    return table


def put(console: Console, title: str, table: Table, note: str = "") -> None:
    """Print a table under its title, and a note below it."""
    console.print(f"\n[bold]{title}[/bold]")
    console.print(table, end="")
    if note:
        console.print(f"[dim]{note}[/dim]")
