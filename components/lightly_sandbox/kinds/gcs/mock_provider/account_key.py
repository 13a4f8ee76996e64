"""gcp:serviceaccount/key:Key: Google shows the private half once, so it lives in the state, as a secret.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/serviceaccount/key/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/resourcemanager/resource_google_service_account_key.go.
`privateKey` is the key file in base64, as the API hands it out.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.gcs.mock_provider.errors import found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

ALGORITHM, PRIVATE, PUBLIC = "KEY_ALG_RSA_2048", "TYPE_GOOGLE_CREDENTIALS_FILE", "TYPE_X509_PEM_FILE"


class AccountKey:
    """One call to make it, one for its public half."""

    def create(self, work: Work, inputs: Facts) -> Created:
        account = _account(work, inputs["serviceAccountId"])
        kinds = {
            "keyAlgorithm": inputs.get("keyAlgorithm") or ALGORITHM,
            "privateKeyType": inputs.get("privateKeyType") or PRIVATE,
        }
        answer = work.send("POST", f"/v1/{account}/keys", kinds)
        public = work.patiently(lambda: _get(work, answer["name"], inputs), lambda error: error.status == 404)
        return Created(answer["name"], {**_facts(public), "privateKey": answer["privateKeyData"]})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Its public half. The private one cannot be read again, so a key cannot be imported."""
        if not state:
            raise RefusedError(f"got the import id {id!r}: Google does not show the private half of a key again")
        answer = found(lambda: _get(work, id, state))
        if answer is None:
            return None
        kept = {name: state.get(name) for name in ("serviceAccountId", "privateKeyType", "publicKeyType")}
        return Found(id, {**kept, **_facts(answer)})

    def update(self, _work: Work, _id: str, _state: Facts, _inputs: Facts, _changed: frozenset[str]) -> Facts:
        """Nothing of it can be changed: every input replaces it."""
        return {}

    def delete(self, work: Work, id: str, _state: Facts) -> None:
        """Gone with its account is gone."""
        found(lambda: work.send("DELETE", f"/v1/{id}"))


def _account(work: Work, id: str) -> str:
    """The account's full name, from that, its email or its unique id."""
    return id if id.startswith("projects/") else f"projects/{work.session.project}/serviceAccounts/{id}"


def _get(work: Work, name: str, inputs: Facts) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = work.get(f"/v1/{name}", publicKeyType=inputs.get("publicKeyType") or PUBLIC)
    return answer


def _facts(answer: Mapping[str, Any]) -> Facts:
    return {
        "name": answer["name"],
        "keyAlgorithm": answer["keyAlgorithm"],
        "publicKey": answer.get("publicKeyData", ""),
        "validAfter": answer["validAfterTime"],
        "validBefore": answer["validBeforeTime"],
    }
