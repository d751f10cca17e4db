"""What the database holds: case id, sequence, ciphertext, previous hash; wrapped keys; and which blobs are whole.

Nothing here says anything about anybody. Hashes of pictures, names, times and words are inside the ciphertext.
A migration adds triggers: events are only ever added, in order, and go only with their whole case.
"""
# ruff: noqa: D106, DJ008  (an inner Meta is Django's; a row has nothing to say of itself)

from __future__ import annotations

from django.db import models

from takeback.permit import GROUNDS


class Case(models.Model):  # type: ignore[misc]  # Django has no types
    """A case, by its random id."""

    id = models.CharField(primary_key=True, max_length=64)

    class Meta:
        db_table = "cases"


class Event(models.Model):  # type: ignore[misc]
    """One sealed event."""

    pk = models.CompositePrimaryKey("case_id", "sequence")
    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING)
    sequence = models.PositiveIntegerField()
    sealed = models.BinaryField()
    previous = models.CharField(max_length=64)

    class Meta:
        db_table = "events"


class Key(models.Model):  # type: ignore[misc]
    """A case's key, wrapped for one recipient: "passphrase", later "recovery" and others."""

    pk = models.CompositePrimaryKey("case_id", "recipient")
    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING)
    recipient = models.CharField(max_length=64)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "keys"


class Blob(models.Model):  # type: ignore[misc]
    """A sealed file that is whole on the disk. The database holds none but under a ground of the child rule."""

    pk = models.CompositePrimaryKey("case_id", "blob")
    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING)
    blob = models.CharField(max_length=64)
    ground = models.CharField(max_length=16)
    size = models.PositiveBigIntegerField()

    class Meta:
        db_table = "blobs"
        constraints = (models.CheckConstraint(condition=models.Q(ground__in=GROUNDS), name="child_rule"),)
