"""A payload may be emptied (its salt with it), nothing else; `shigan verify` says whether that was lawful."""

from __future__ import annotations

from typing import Any

from django.db import migrations

REFUSE = "台账只增不改 / the ledger is append-only"
SQLITE = (
    "DROP TRIGGER payload_no_update",
    f"""CREATE TRIGGER payload_no_update BEFORE UPDATE ON payload
        WHEN length(NEW.salt) > 0 OR length(OLD.salt) = 0 OR OLD.entry_id <> NEW.entry_id
        BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END""",
)
POSTGRESQL = (
    "DROP TRIGGER payload_no_change ON payload",
    "CREATE TRIGGER payload_no_delete BEFORE DELETE ON payload FOR EACH ROW EXECUTE FUNCTION shigan_refuse()",
    "CREATE TRIGGER payload_no_update BEFORE UPDATE ON payload FOR EACH ROW "
    "WHEN (length(NEW.salt) > 0 OR length(OLD.salt) = 0 OR OLD.entry_id <> NEW.entry_id) "
    "EXECUTE FUNCTION shigan_refuse()",
)


def guard(apps: Any, editor: Any) -> None:
    """Make the triggers of this database anew."""
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Legal erasure."""

    dependencies = [("web", "0004_tokens")]
    operations = [migrations.RunPython(guard)]
