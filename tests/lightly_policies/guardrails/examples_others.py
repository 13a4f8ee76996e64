"""What keeps and what breaks each rule about Azure, Google Cloud and what is registered at Lightly."""

from typing import Any

from lightly_core.pulumi_values import SecretValue
from lightly_policies.guardrails.view import Resource, Stack

from tests.lightly_policies.guardrails.examples_aws import Examples
from tests.lightly_policies.guardrails.given import resource, stack

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
DEPLOYER = "arn:aws:iam::333333333333:role/lightly-deployer"
GOOD_ACCOUNT = {
    "name": "acmephotos",
    "allowBlobPublicAccess": False,
    "enableHttpsTrafficOnly": True,
    "minimumTlsVersion": "TLS1_2",
    "allowCrossTenantReplication": False,
    "defaultToOAuthAuthentication": True,
    "keyPolicy": {"keyExpirationPeriodInDays": 90.0},
    "sasPolicy": {"expirationAction": "Log", "sasExpirationPeriod": "370.00:00:00"},
}
KEPT = {"enabled": True, "days": 7.0}


def account(**changed: Any) -> Resource:
    return resource("azure-native:storage:StorageAccount", "photos", **{**GOOD_ACCOUNT, **changed})


def container(access: str | None) -> Resource:
    return resource("azure-native:storage:BlobContainer", "datalake", publicAccess=access)


def blob_service(**changed: Any) -> Resource:
    policies = {"deleteRetentionPolicy": KEPT, "containerDeleteRetentionPolicy": KEPT, **changed}
    return resource("azure-native:storage:BlobServiceProperties", "blobs", accountName="acmephotos", **policies)


def sas(name: str = "sas", **changed: Any) -> Resource:
    given = {
        "accountName": "acmephotos",
        "container": "datalake",
        "policy": f"lightly-{name}",
        "method": "stored_policy",
        "start": "2026-11-20T00:00:00Z",
        "expiry": "2027-02-20T00:00:00Z",
    }
    return resource("lightly:index:AzureSas", name, **{**given, **changed})


def registered(token: str, purpose: str = "INPUT") -> Resource:
    return resource("lightly:index:Datasource", "herd-input", purpose=purpose, sasToken=SecretValue(token))


TOKEN = "sv=2024-11-04&sr=c&spr=https&si=lightly-a&sig=c2lnbmF0dXJl"

AZURE: Examples = {
    "azure-no-public-blobs": (
        [account(), container("None"), container(None)],
        [
            (account(allowBlobPublicAccess=True), ["allowBlobPublicAccess is not false"]),
            (account(allowBlobPublicAccess=None), ["allowBlobPublicAccess is not false"]),
            (container("Blob"), ["publicAccess is Blob, expected None"]),
        ],
    ),
    "azure-tls-only": (
        [account()],
        [
            (account(enableHttpsTrafficOnly=False), ["enableHttpsTrafficOnly is not true"]),
            (account(minimumTlsVersion="TLS1_0"), ["minimumTlsVersion is TLS1_0, expected TLS1_2"]),
        ],
    ),
    "azure-no-cross-tenant-copies": (
        [account()],
        [(account(allowCrossTenantReplication=True), ["allowCrossTenantReplication is not false"])],
    ),
    "azure-entra-by-default": (
        [account()],
        [(account(defaultToOAuthAuthentication=None), ["defaultToOAuthAuthentication is not true"])],
    ),
    "azure-key-expiry": (
        [account()],
        [
            (account(keyPolicy=None), ["keyPolicy does not ask for new keys after 90 days"]),
            (
                account(keyPolicy={"keyExpirationPeriodInDays": 365.0}),
                ["keyPolicy does not ask for new keys after 90 days"],
            ),
            (account(sasPolicy=None), ["sasPolicy does not bound the life of a SAS"]),
        ],
    ),
    "azure-soft-delete": (
        [stack(account(), blob_service())],
        [
            (stack(account()), ["it has no BlobServiceProperties"]),
            (
                stack(account(), blob_service(deleteRetentionPolicy={"enabled": False})),
                ["blobs does not enable deleteRetentionPolicy"],
            ),
        ],
    ),
    "sas-life": (
        [sas(), sas(method="user_delegation", expiry="2026-11-26T00:00:00Z")],
        [
            (sas(expiry="2028-11-20T00:00:00Z"), ["it lives for 731 days, expected 120 at most by stored_policy"]),
            (sas(method="user_delegation"), ["it lives for 92 days, expected 7 at most by user_delegation"]),
            (sas(expiry=None), ["start and expiry are '2026-11-20T00:00:00Z' and '', expected two times in UTC"]),
        ],
    ),
    "sas-least": (
        [
            sas(),
            registered(TOKEN),
            registered(TOKEN.replace("si=lightly-a", "skoid=a&sp=rl")),
            registered(TOKEN + "&sp=rwdlc", "LIGHTLY"),
            registered(""),
        ],
        [
            (sas(policy=""), ["it names no stored access policy, so that it cannot be revoked"]),
            (registered(TOKEN + "&ss=b&srt=sco"), ["its SAS is for the whole account"]),
            (
                registered(TOKEN.replace("sr=c", "sr=b")),
                ["its SAS has sr=b, expected c or d: a container or a directory"],
            ),
            (registered(TOKEN.replace("spr=https", "spr=https,http")), ["its SAS has spr=https,http, expected https"]),
            (
                registered("?" + TOKEN.replace("si=lightly-a", "sp=rl")),
                ["its SAS has no stored access policy (si) and is no user delegation: it cannot be revoked"],
            ),
            (registered(TOKEN + "&sp=rwl"), ["its SAS has sp=rwl: w is more than INPUT needs"]),
        ],
    ),
    "sas-policy-count": (
        [stack(*(sas(f"sas-{n}") for n in range(5)), sas("elsewhere", container="other"))],
        [
            (
                stack(*(sas(f"sas-{n}") for n in range(6))),
                ["acmephotos/datalake needs 6 stored access policies, expected 5 at most"],
            )
        ],
    ),
}

ROBOT = resource("gcp:serviceaccount/account:Account", "robot", email="robot@acme-ml.iam.gserviceaccount.com")
LIGHTLYS = resource("gcp:serviceaccount/account:Account", "lightly-input", email="li@acme-ml.iam.gserviceaccount.com")


def gcs(**changed: Any) -> Resource:
    given = {"uniformBucketLevelAccess": True, "publicAccessPrevention": "enforced"}
    return resource("gcp:storage/bucket:Bucket", "frames", **{**given, **changed})


def member(member_: str) -> Resource:
    role = "roles/storage.objectViewer"
    return resource("gcp:storage/bucketIAMMember:BucketIAMMember", "reads", role=role, member=member_)


def project_grant(role: str, member_: str) -> Resource:
    return resource("gcp:projects/iAMMember:IAMMember", "grant", role=role, member=member_)


GOOGLE: Examples = {
    "gcs-uniform-access": (
        [gcs()],
        [
            (gcs(uniformBucketLevelAccess=False), ["uniformBucketLevelAccess is not true"]),
            (gcs(publicAccessPrevention="inherited"), ["publicAccessPrevention is inherited, expected enforced"]),
        ],
    ),
    "gcs-no-public-members": (
        [member("serviceAccount:robot@acme-ml.iam.gserviceaccount.com")],
        [
            (member("allUsers"), ["it grants roles/storage.objectViewer to allUsers"]),
            (
                resource(
                    "gcp:storage/bucketIAMBinding:BucketIAMBinding",
                    "b",
                    role="roles/storage.objectViewer",
                    members=["user:a@b.c", "allAuthenticatedUsers"],
                ),
                ["it grants roles/storage.objectViewer to allAuthenticatedUsers"],
            ),
            (
                resource(
                    "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
                    "p",
                    policyData='{"bindings": [{"role": "r", "members": ["allUsers"]}]}',
                ),
                ["it grants access to allUsers"],
            ),
            (
                resource("gcp:storage/bucketAccessControl:BucketAccessControl", "a", role="READER", entity="allUsers"),
                ["it grants READER to allUsers"],
            ),
        ],
    ),
    "gcp-no-project-grants": (
        [
            stack(project_grant("roles/viewer", "user:anna@acme.example")),
            stack(
                ROBOT, project_grant("roles/logging.logWriter", "serviceAccount:robot@acme-ml.iam.gserviceaccount.com")
            ),
        ],
        [
            (
                stack(project_grant("roles/storage.admin", "serviceAccount:x@acme-ml.iam.gserviceaccount.com")),
                ["it grants roles/storage.admin to a service account for more than a bucket"],
            ),
            (
                stack(LIGHTLYS, project_grant("roles/viewer", "serviceAccount:li@acme-ml.iam.gserviceaccount.com")),
                ["it grants roles/viewer to lightly-input for more than a bucket"],
            ),
        ],
    ),
}


def robots(
    permissions: list[str] | None,
    role: str = "projects/acme-ml/roles/reads",
    name: str = "robot",
    purpose: str = "INPUT",
) -> Stack:
    """A service account with a role of its own (or a predefined one), its key, and a Datasource; that for its name."""
    item = resource("gcp:serviceaccount/account:Account", name, email="robot@acme-ml.iam.gserviceaccount.com")
    made = resource("gcp:serviceaccount/key:Key", "key", {"serviceAccountId": item})
    own = resource("gcp:projects/iAMCustomRole:IAMCustomRole", "own", permissions=permissions)
    sources = {"member": item, **({"role": own} if permissions is not None else {})}
    bound = resource("gcp:storage/bucketIAMMember:BucketIAMMember", "bound", sources, role=role)
    used = resource("lightly:index:Datasource", "herd-input", {"credentials": made}, purpose=purpose)
    return stack(item, made, own, bound, *([used] if name == "robot" else []))


GOOGLE["gcs-input-never-writes"] = (
    [
        robots(["storage.objects.get", "storage.objects.list"]),
        robots(None, "roles/storage.objectViewer"),
        robots(["storage.objects.delete"], name="lightly-results"),
    ],
    [
        (
            robots(["storage.objects.get", "storage.objects.delete", "storage.objects.create"]),
            ["own allows INPUT storage.objects.create, storage.objects.delete"],
        ),
        (robots(None, "roles/storage.objectUser"), ["it grants INPUT roles/storage.objectUser"]),
        (
            robots(None, "roles/storage.objectAdmin", name="lightly-input"),  # no Datasource: its name tells
            ["it grants INPUT roles/storage.objectAdmin"],
        ),
    ],
)

WRITES = [f"storage.objects.{what}" for what in ("get", "list", "create", "delete", "update")]
GOOGLE["gcs-data-only"] = (
    [
        robots(WRITES, purpose="LIGHTLY"),
        robots(None, "roles/storage.objectUser", purpose="LIGHTLY"),
        robots(None, "roles/storage.admin"),  # another rule says it of an INPUT
        robots(["storage.buckets.setIamPolicy"], name="worker"),  # your own
    ],
    [
        (
            robots([*WRITES, "storage.buckets.setIamPolicy"], purpose="LIGHTLY"),
            ["own allows Lightly storage.buckets.setIamPolicy"],
        ),
        (robots(None, "roles/storage.admin", purpose="LIGHTLY"), ["it grants Lightly roles/storage.admin"]),
        (robots(None, "roles/storage.objectAdmin", purpose="LIGHTLY"), ["it grants Lightly roles/storage.objectAdmin"]),
    ],
)

DATASOURCE = resource("lightly:index:Datasource", "herd-input", purpose="INPUT")


def key(made: str) -> Resource:
    return resource("aws:iam/accessKey:AccessKey", "key", createDate=made, secret=SecretValue(SECRET))


LIGHTLY: Examples = {
    "datasource-verified": (
        [stack(DATASOURCE, resource("lightly:index:Verification", "check", {"datasources": DATASOURCE}))],
        [
            (stack(DATASOURCE), ["no Verification comes after it"]),
            (
                stack(DATASOURCE, resource("lightly:index:Verification", "check")),
                ["no Verification comes after it"],
            ),
        ],
    ),
    "key-age": (
        [
            stack(key("2026-08-23T12:00:00Z")),
            stack(resource("gcp:serviceaccount/key:Key", "k", validAfter="2026-11-20T00:00:00Z")),
        ],
        [
            (stack(key("2026-08-22T11:00:00Z")), ["it is 91 days old, expected 90 at most"]),
            (
                stack(resource("gcp:serviceaccount/key:Key", "k", validAfter="2025-11-21T00:00:00Z")),
                ["it is 365 days old, expected 90 at most"],
            ),
            (stack(key("")), ["createDate is '', expected the time at which it was made"]),
        ],
    ),
    "secret-in-plain": (
        [
            stack(key("2026-11-20"), resource("pulumi:pulumi:Stack", "s", secret=SecretValue(SECRET), word="plain")),
            stack(resource("lightly:index:Datasource", "d", secretAccessKey=None, credentials=SecretValue({"a": "b"}))),
            stack(
                resource("lightly:index:BucketGuard", "g", login=SecretValue({"roleArn": DEPLOYER})),
                resource("pulumi:providers:aws", "data", assumeRoles=f'[{{"roleArn": "{DEPLOYER}"}}]'),
            ),
        ],
        [
            (
                stack(resource("aws:iam/accessKey:AccessKey", "key", secret=SECRET)),
                ["its secret is not a secret"],
            ),
            (
                stack(
                    key("2026-11-20"), resource("pulumi:pulumi:Stack", "s", shown={"url": [f"https://x:{SECRET}@y"]})
                ),
                ["its shown.url[0] holds a secret of the stack in clear"],
            ),
        ],
    ),
}

OTHERS: Examples = {**AZURE, **GOOGLE, **LIGHTLY}
