"""A stack as `verify` may find it: every kind of light, and text that documents must not be broken by."""

from datetime import UTC, datetime

from lightly_access.audit.finding import Finding, Severity
from lightly_access.verify.lights import VerifiedDataset, VerifiedLight, VerifiedStack
from lightly_core.capability import Evidence, Light, Purpose

SINCE, AT = datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 11, 28, 12, tzinfo=UTC)
GREEN = Light(True, True, (Evidence.LIGHTLY, Evidence.PROOF))
RED = Light(True, False, (Evidence.LIGHTLY,), "no <bucket> & \x1b[31m\ud800no ]]> end", "make it")

COWS = VerifiedDataset(
    "cows <b>",
    "5f3c",
    SINCE,
    (
        VerifiedLight(Purpose.INPUT, "list", GREEN, GREEN),
        VerifiedLight(Purpose.INPUT, "read", RED, GREEN),
        VerifiedLight(Purpose.LIGHTLY, "write", GREEN, RED),
        VerifiedLight(Purpose.LIGHTLY, "overwrite", RED, RED),
        VerifiedLight(Purpose.LIGHTLY, "delete", GREEN, GREEN, asked=False),
    ),
    ("its keys were not tried\x00",),
    drift=(
        Finding(
            Severity.HIGH,
            "key-beside",
            "it has another key, <b>\x1b",
            "user & co",
            "nobody watches it",
            "drop it",
            "LIGHTLY",
        ),
    ),
)
BEES = VerifiedDataset("bees", "5f3d", SINCE, (VerifiedLight(Purpose.INPUT, "list", GREEN, GREEN),))
LOST = VerifiedDataset("lost", "5f3e", None, error="could not verify dataset 5f3e: Lightly answered 403\nhint: ask")
GONE = VerifiedDataset("gone", "5f3f", None, revoked=True)
FOUND = VerifiedStack("farm", "prod", AT, (COWS, BEES, LOST, GONE))
