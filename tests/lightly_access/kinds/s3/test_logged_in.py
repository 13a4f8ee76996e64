"""Clients with a login: what they share is what AWS publishes, and no login."""

from lightly_access.kinds.s3.bucket_contents import Account
from lightly_access.kinds.s3.logged_in import client
from lightly_access.kinds.s3.user_keys import UserKeys


def _login(name: str) -> dict[str, str]:
    return {"accessKeyId": f"AKIA{name}", "secretAccessKey": f"secret of {name}"}


def test_each_client_signs_with_its_own_login() -> None:
    clients = [client("s3", "eu-central-1", _login(name)) for name in ("FIRST", "SECOND", "FIRST")]
    keys = [each._request_signer._credentials.get_frozen_credentials().access_key for each in clients]
    assert keys == ["AKIAFIRST", "AKIASECOND", "AKIAFIRST"]


def test_the_descriptions_of_services_are_read_once() -> None:
    first, second = (UserKeys("cow", "eu-central-1", _login(name))._iam for name in ("FIRST", "SECOND"))
    assert first.meta.service_model._service_description is second.meta.service_model._service_description


def test_an_account_makes_a_client_once_a_service() -> None:
    account = Account("eu-central-1", _login("FIRST"))
    assert account._client("s3") is account._client("s3")
    assert account._client("kms") is not account._client("s3")
