"""Tables: the ledger (entry, payload, seal), what can be rebuilt from it (state, board), and what must stay
outside it (names, accounts, the slot for unsigned notes, the minutes a form took)."""

from __future__ import annotations

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Length


class EntryRow(models.Model):
    """The header of an entry. INSERT only; `position` goes once from empty to its number (by trigger)."""

    subject = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    unit = models.CharField(max_length=12)
    happened = models.DateField()
    recorded = models.BigIntegerField()  # milliseconds since 1970, UTC
    by = models.CharField(max_length=12)
    by_unit = models.CharField(max_length=12)
    mac = models.CharField(max_length=64)
    leaf = models.BinaryField(max_length=32)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "entry"
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="entry_subject_seq")]
        indexes = [
            models.Index(fields=["unit", "-id"], name="entry_unit"),
            models.Index(fields=["id"], name="entry_unsealed", condition=models.Q(position__isnull=True)),
        ]


class PayloadRow(models.Model):
    """The fact of an entry and its salt, apart from the header so that both can be legally deleted."""

    entry = models.OneToOneField(EntryRow, models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(max_length=32)
    body = models.TextField()

    class Meta:
        db_table = "payload"


class SealRow(models.Model):
    """A checkpoint: the first `size` entries under `root`; `edge` is the tree's right edge to go on from."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.BigIntegerField()
    note = models.TextField()
    edge = models.TextField()

    class Meta:
        db_table = "seal"


class StateRow(models.Model):
    """What the entries of one thing add up to; `shigan rebuild` makes it anew, `shigan verify` compares."""

    subject = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=2)
    seq = models.PositiveIntegerField()
    unit = models.CharField(max_length=12)
    stage = models.CharField(max_length=20)
    since = models.DateField()
    due = models.DateField(null=True)
    source = models.CharField(max_length=40)
    topic = models.CharField(max_length=200)
    origin = models.CharField(max_length=40)
    mark = models.CharField(max_length=20)
    body = models.TextField()

    class Meta:
        db_table = "state"
        indexes = [
            models.Index(fields=["key", "-since", "subject"], name="state_since"),
            models.Index(fields=["key", "stage", "due"], name="state_stage"),
            models.Index(fields=["key", "unit", "-since"], name="state_unit"),
            models.Index(fields=["key", "due"], name="state_due"),
            models.Index(fields=["key", "origin"], name="state_origin"),
            models.Index(fields=["key", "topic"], name="state_topic"),
            models.Index(fields=["key", "source", "mark", "stage", "due"], name="state_counts"),
            models.Index("key", Length("subject").desc(), models.F("subject").desc(), name="state_code"),
        ]


class BoardRow(models.Model):
    """The findings about one subject as of one checkpoint."""

    size = models.BigIntegerField()
    subject = models.CharField(max_length=40)
    body = models.TextField()

    class Meta:
        db_table = "board"
        constraints = [models.UniqueConstraint(fields=["size", "subject"], name="board_size_subject")]


class NameRow(models.Model):
    """The name behind a code, kept outside the ledger so that it can be corrected and erased."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "name"
        indexes = [models.Index(fields=["name"], name="name_name")]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no way to make one without a role and a unit."""

    def create_user(self, username: str, password: str, *, code: str, unit: str, role: str) -> Account:
        """A new account; the password is hashed with Argon2."""
        account = self.model(username=username, code=code, unit=unit, role=role)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A log-in. `code` is what the ledger knows of it, `unit` the unit it acts for."""

    username = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=12, unique=True)
    unit = models.CharField(max_length=12)
    role = models.CharField(max_length=12)
    is_active = models.BooleanField(default=True)
    last_login = None  # no log-in statistics (red line 6)

    USERNAME_FIELD = "username"
    objects = AccountManager()

    class Meta:
        db_table = "account"


def _random_id() -> int:
    return secrets.randbits(62)


class SlipRow(models.Model):
    """The slot for unsigned notes: a random number, a day, no time, no account; moved on shuffled."""

    id = models.BigIntegerField(primary_key=True, default=_random_id)
    day = models.DateField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    unit = models.CharField(max_length=12)
    body = models.TextField()

    class Meta:
        db_table = "slip"


class BurdenRow(models.Model):
    """Seconds that forms were open, summed per unit, role and day; never per person (F71)."""

    unit = models.CharField(max_length=12)
    role = models.CharField(max_length=12)
    day = models.DateField()
    form = models.CharField(max_length=60)
    seconds = models.PositiveIntegerField(default=0)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "burden"
        constraints = [
            models.UniqueConstraint(fields=["unit", "role", "day", "form"], name="burden_unit_day")
        ]


class TokenRight(models.Model):
    """Who may take a token (领票) of an evaluation, and of which class; kept outside the ledger."""

    election = models.CharField(max_length=12)
    account = models.CharField(max_length=12)
    voters = models.CharField(max_length=1)

    class Meta:
        db_table = "token_right"
        constraints = [models.UniqueConstraint(fields=["election", "account"], name="token_right_once")]


class TokenIssued(models.Model):
    """That an account took its token, and on what day; `blinded` is SHA-256 of what was signed unseen.

    Nothing here leads to a ballot: the signer never sees what is inside the blinded number (RFC 9474).
    """

    id = models.BigIntegerField(primary_key=True, default=_random_id)  # no order of coming
    election = models.CharField(max_length=12)
    account = models.CharField(max_length=12)
    voters = models.CharField(max_length=1)
    blinded = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        db_table = "token_issued"
        constraints = [models.UniqueConstraint(fields=["election", "account"], name="token_issued_once")]
