"""The tables, and the triggers that keep the log a log: added to in order, never changed, gone only with its case."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

IN_ORDER = """
CREATE TRIGGER events_in_order BEFORE INSERT ON events
WHEN NEW.sequence IS NOT (SELECT COALESCE(MAX(sequence), 0) + 1 FROM events WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'events are added one after the other'); END
"""
NEVER_CHANGED = """
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
"""
GO_WITH_THEIR_CASE = """
CREATE TRIGGER events_go_with_their_case BEFORE DELETE ON events
WHEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id)
BEGIN SELECT RAISE(ABORT, 'events go only with their whole case'); END
"""


def composite(name: str) -> models.CompositePrimaryKey:
    """A key of a case and one of its things."""
    return models.CompositePrimaryKey("case_id", name, blank=True, editable=False, primary_key=True, serialize=False)


def of_a_case() -> models.ForeignKey:
    """The case a row belongs to."""
    return models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to="store.case")


class Migration(migrations.Migration):  # type: ignore[misc]  # Django has no types
    """The first shape."""

    initial = True

    operations: ClassVar = [
        migrations.CreateModel(
            "Case",
            [("id", models.CharField(max_length=64, primary_key=True, serialize=False))],
            options={"db_table": "cases"},
        ),
        migrations.CreateModel(
            "Event",
            [
                ("pk", composite("sequence")),
                ("sequence", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("previous", models.CharField(max_length=64)),
                ("case", of_a_case()),
            ],
            options={"db_table": "events"},
        ),
        migrations.CreateModel(
            "Key",
            [
                ("pk", composite("recipient")),
                ("recipient", models.CharField(max_length=64)),
                ("wrapped", models.BinaryField()),
                ("case", of_a_case()),
            ],
            options={"db_table": "keys"},
        ),
        migrations.CreateModel(
            "Blob",
            [
                ("pk", composite("blob")),
                ("blob", models.CharField(max_length=64)),
                ("ground", models.CharField(max_length=16)),
                ("size", models.PositiveBigIntegerField()),
                ("case", of_a_case()),
            ],
            options={
                "db_table": "blobs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(ground__in=("not-intimate", "adults-only")), name="child_rule"
                    )
                ],
            },
        ),
        migrations.RunSQL([IN_ORDER, NEVER_CHANGED, GO_WITH_THEIR_CASE]),
    ]
