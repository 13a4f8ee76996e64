"""`lightly:index:Verification`, and what it is made of."""

from lightly_core.resource_types.resource_type import (
    FLAG,
    NUMBER,
    TEXT,
    ObjectType,
    Property,
    ResourceType,
    list_of,
    map_of,
)

VERIFIED_DATASOURCE = ObjectType(
    "lightly:index:VerifiedDatasource",
    "What a verification knows about one datasource.",
    (
        Property("kind", TEXT, "The kind of store.", required=True),
        Property("access", TEXT, "How Lightly gets in.", required=True),
        Property(
            "given",
            FLAG,
            "Whether somebody else made the credential: then no document of ours grants it, and `proof` is empty.",
        ),
        Property("path", TEXT, "The registered path.", required=True),
        Property(
            "identity",
            TEXT,
            "The identity that Lightly uses: the role's ARN, the access key's id, <account>/<container>/<stored "
            "access policy> or the service account's e-mail address.",
            required=True,
        ),
        Property(
            "fingerprint",
            TEXT,
            "SHA-256 of the documents that grant the access: a change verifies again.",
            required=True,
        ),
        Property(
            "proof", map_of(FLAG), "What the documents permit: list, read, write, overwrite, delete.", required=True
        ),
        Property(
            "expected",
            map_of(FLAG),
            "What must be possible from Lightly's own servers, where that is less than the purpose says: "
            "list, read, write, overwrite, delete.",
        ),
    ),
)

LIGHT = ObjectType(
    "lightly:index:Light",
    "One capability of one datasource: what it should be and what it is.",
    (
        Property("expected", FLAG, "Whether it should be possible.", required=True),
        Property("actual", FLAG, "Whether it is possible; absent when nobody could tell."),
        Property("ok", FLAG, "Whether it is as expected.", required=True),
        Property("evidence", list_of(TEXT), "Who says so: lightly, proof.", required=True),
        Property("cause", TEXT, "Why it is not as expected."),
        Property("fix", TEXT, "What to do about it."),
        Property("runbook", TEXT, "The cause's entry in the runbook: `lightly-access explain --cause` prints it."),
    ),
)

PROBED_CREDENTIAL = ObjectType(
    "lightly:index:ProbedCredential",
    "What a datasource is probed with: an access key (`s3`, `obs`) or a SAS token (`azure`).",
    (
        Property("accessKeyId", TEXT, "The id of the key."),
        Property("secretAccessKey", TEXT, "Its secret.", secret=True),
        Property("region", TEXT, "The region that requests are signed for."),
        Property(
            "endpoint", TEXT, "The service's URL, for `obs` and `azure`; for `s3` AWS's, or that of AWS_ENDPOINT_URL."
        ),
        Property("kmsKeyArn", TEXT, "The KMS key that what is written must be encrypted with."),
        Property("wholeBucket", FLAG, "Whether it is accepted that the key reaches beyond the path."),
        Property("sasToken", TEXT, "The SAS token.", secret=True),
    ),
)

PROBE = ObjectType(
    "lightly:index:Probe",
    "What a probe did and found.",
    (
        Property("done", FLAG, "Whether the key was used.", required=True),
        Property("why", TEXT, "Why it was not, or could not be."),
        Property("beyond", list_of(TEXT), "What the key can do outside its path.", required=True),
        Property("left", list_of(TEXT), "Probe objects that could not be deleted.", required=True),
    ),
)

VERIFICATION = ResourceType(
    "lightly:index:Verification",
    "Asks Lightly whether its access works, until all lights are as expected. A failure leaves it in the "
    "state and fails the run.",
    inputs=(
        Property("datasetId", TEXT, "Lightly's id of the dataset.", required=True, replaces=True),
        Property("dataset", TEXT, "The dataset's name, for messages.", required=True),
        Property(
            "datasources",
            map_of(VERIFIED_DATASOURCE.reference),
            "INPUT and/or LIGHTLY: what is registered, and what its documents permit. Never an output.",
            required=True,
            shown=False,
        ),
        Property(
            "credentials",
            map_of(PROBED_CREDENTIAL.reference),
            "INPUT and/or LIGHTLY: the keys to probe with. Never an output.",
            secret=True,
            shown=False,
        ),
        Property(
            "deadline",
            NUMBER,
            "For how many seconds a refusal is asked again. Never an output.",
            default=120,
            shown=False,
        ),
        Property(
            "confirmations",
            NUMBER,
            "How many good answers in a row count as verified. Never an output.",
            default=2,
            shown=False,
        ),
    ),
    results=(
        Property("verified", FLAG, "Whether every light is as expected."),
        Property("verifiedAt", TEXT, "When that was found, in UTC, such as 2026-11-28T16:25:00Z."),
        Property("lights", map_of(map_of(LIGHT.reference)), "Per purpose and capability."),
        Property(
            "probes",
            map_of(PROBE.reference),
            "Per purpose: whether it was probed, and what the probe found beyond the lights.",
        ),
    ),
)
