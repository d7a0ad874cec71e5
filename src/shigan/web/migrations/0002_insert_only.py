"""The ledger's tables take INSERT only. A DBA can drop a trigger; the seal is what convicts."""

from __future__ import annotations

from typing import Any

from django.db import migrations

REFUSE = "台账只增不改 / the ledger is append-only"
SQLITE = [
    f"""CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
        WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR OLD.id <> NEW.id OR OLD.leaf <> NEW.leaf
          OR OLD.subject <> NEW.subject OR OLD.seq <> NEW.seq OR OLD.kind <> NEW.kind OR OLD.unit <> NEW.unit
          OR OLD.happened <> NEW.happened OR OLD.recorded <> NEW.recorded OR OLD."by" <> NEW."by"
          OR OLD.by_unit <> NEW.by_unit OR OLD.mac <> NEW.mac
        BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END""",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
        for table, verb in (
            ("entry", "DELETE"),
            ("payload", "UPDATE"),
            ("payload", "DELETE"),
            ("seal", "UPDATE"),
            ("seal", "DELETE"),
        )
    ),
]
POSTGRESQL = [
    f"""CREATE FUNCTION shigan_refuse() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '{REFUSE}'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry FOR EACH ROW
        WHEN (OLD.position IS NOT NULL OR NEW.position IS NULL
          OR (OLD.id, OLD.subject, OLD.seq, OLD.kind, OLD.unit, OLD.happened, OLD.recorded, OLD."by",
              OLD.by_unit, OLD.mac, OLD.leaf)
             IS DISTINCT FROM
             (NEW.id, NEW.subject, NEW.seq, NEW.kind, NEW.unit, NEW.happened, NEW.recorded, NEW."by",
              NEW.by_unit, NEW.mac, NEW.leaf))
        EXECUTE FUNCTION shigan_refuse()""",
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION shigan_refuse()",
    "CREATE TRIGGER payload_no_change BEFORE UPDATE OR DELETE ON payload FOR EACH ROW "
    "EXECUTE FUNCTION shigan_refuse()",
    "CREATE TRIGGER seal_no_change BEFORE UPDATE OR DELETE ON seal FOR EACH ROW "
    "EXECUTE FUNCTION shigan_refuse()",
]


def guard(apps: Any, editor: Any) -> None:
    """Make the triggers of this database."""
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers against UPDATE and DELETE."""

    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(guard)]
