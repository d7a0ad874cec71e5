"""Who may take a token of an evaluation, and who took it on what day; no time, no order, no token."""

from __future__ import annotations

from django.db import migrations, models

import shigan.web.models


class Migration(migrations.Migration):
    dependencies = [("web", "0003_state_counts")]
    operations = [
        migrations.CreateModel(
            name="TokenRight",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("election", models.CharField(max_length=12)),
                ("account", models.CharField(max_length=12)),
                ("voters", models.CharField(max_length=1)),
            ],
            options={
                "db_table": "token_right",
                "constraints": [
                    models.UniqueConstraint(fields=("election", "account"), name="token_right_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenIssued",
            fields=[
                ("id", models.BigIntegerField(
                    default=shigan.web.models._random_id, primary_key=True, serialize=False
                )),
                ("election", models.CharField(max_length=12)),
                ("account", models.CharField(max_length=12)),
                ("voters", models.CharField(max_length=1)),
                ("blinded", models.CharField(max_length=64)),
                ("day", models.DateField()),
            ],
            options={
                "db_table": "token_issued",
                "constraints": [
                    models.UniqueConstraint(fields=("election", "account"), name="token_issued_once")
                ],
            },
        ),
    ]  # fmt: skip
