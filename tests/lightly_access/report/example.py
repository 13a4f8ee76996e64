"""A report with a light of each sort."""

from lightly_access.report import DatasetLights, DatasourceLights, Phase, Report
from lightly_core.capability import Capability, Evidence, Light, Purpose, expected

LIST, READ, WRITE, OVERWRITE, DELETE = Capability
BY_LIGHTLY, BY_PROBE, BY_PROOF = Evidence


def green(purpose: Purpose) -> dict[Capability, Light]:
    return {
        capability: Light(
            wanted, wanted, (BY_LIGHTLY, BY_PROOF) if wanted and capability is not DELETE else (BY_PROOF,)
        )
        for capability, wanted in expected(purpose).items()
    }


CAUSE = "the role lost s3:PutObject"
FIX = "pulumi up --refresh"
RED = {
    WRITE: Light(True, False, (BY_LIGHTLY,), CAUSE, FIX),
    OVERWRITE: Light(True, False, (BY_LIGHTLY,), CAUSE, FIX),
    DELETE: Light(True, None),
}
FARM = DatasetLights(
    "d9814141551a40bd1c8887d7",
    False,
    {
        Purpose.INPUT: DatasourceLights("s3", "delegated", "s3://lake/projects/farm-animals/", green(Purpose.INPUT)),
        Purpose.LIGHTLY: DatasourceLights("s3", "user", "s3://acme/farm-animals/", green(Purpose.LIGHTLY) | RED),
    },
)
PROBED = {LIST: Light(True, True, (BY_PROBE,)), WRITE: Light(False, True, (BY_PROBE,))}
DASHCAM = DatasetLights(
    "5577cdda19d7016d496d87a1", True, {Purpose.INPUT: DatasourceLights("s3", "user", "s3://acme/dashcam/", PROBED)}
)
ALL_GREEN = DatasourceLights("s3", "user", "s3://a/", green(Purpose.INPUT))
GREEN = Report({"farm": DatasetLights("a", True, {Purpose.INPUT: ALL_GREEN})})
MIXED = Report(
    {"farm-animals": FARM, "dashcam": DASHCAM},
    (Phase("up", True, 1.25, created=23, calls={"aws": 40, "lightly": 9}), Phase("again", False, 0.5)),
)
