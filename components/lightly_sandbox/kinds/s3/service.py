"""The local AWS, as the sandbox starts it."""

from dataclasses import dataclass
from pathlib import Path

from lightly_sandbox.services import REGION, Announcement, CloudService, MockProvider

_MOCK_PROVIDER = MockProvider("aws", "lightly_sandbox.kinds.s3.mock_provider")


@dataclass(frozen=True)
class AwsService(CloudService):
    """Three accounts: the customer's, Lightly's and a stranger's; and one of whoever owns the S3-compatible service."""

    name: str = "aws"
    title: str = "AWS"
    module: str = "lightly_sandbox.kinds.s3.emulator"
    mock_provider: MockProvider | None = _MOCK_PROVIDER

    def settings(self, folder: Path) -> dict[str, str]:
        return {"region": REGION}

    def mock_provider_settings(self, started: Announcement) -> dict[str, str]:
        return {**_where(started), **_key(started, "customer")}

    def is_deployer(self, started: Announcement, principal: str) -> bool:
        return f":{started['accounts']['customer']['account']}:" in principal and ":assumed-role/" not in principal

    def lightly(self, started: Announcement) -> dict[str, dict[str, str]]:
        return {"aws": {**_where(started), **_key(started, "lightly")}}

    def owner(self, started: Announcement) -> str:
        return f"account {started['accounts']['customer']['account']}"

    def environment(self, started: Announcement) -> dict[str, str]:
        customer, lightly, stranger = (_key(started, name) for name in ("customer", "lightly", "stranger"))
        return {
            "AWS_ENDPOINT_URL": started["url"],
            "AWS_ACCESS_KEY_ID": customer["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": customer["secret_access_key"],
            "AWS_SESSION_TOKEN": "",  # one of the user's own would go with these keys
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,  # the name that boto3 reads
            "SANDBOX_LIGHTLY_AWS_ACCESS_KEY_ID": lightly["access_key_id"],
            "SANDBOX_LIGHTLY_AWS_SECRET_ACCESS_KEY": lightly["secret_access_key"],
            "SANDBOX_STRANGER_AWS_ACCESS_KEY_ID": stranger["access_key_id"],
            "SANDBOX_STRANGER_AWS_SECRET_ACCESS_KEY": stranger["secret_access_key"],
        }


def _where(started: Announcement) -> dict[str, str]:
    return {"endpoint": started["url"], "region": REGION}


def _key(started: Announcement, account: str) -> dict[str, str]:
    return {name: started["accounts"][account][name] for name in ("access_key_id", "secret_access_key")}


AWS = AwsService()
