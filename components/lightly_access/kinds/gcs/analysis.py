"""Google Cloud Storage: the role and the binding that a deployment would render, evaluated case by case.

https://docs.lightly.ai/docs/google-cloud-storage: Lightly takes the key of a service account.
"""

import json
from typing import TYPE_CHECKING

from lightly_core.capability import Purpose
from lightly_policies import proof_gcs, render_gcs
from lightly_policies.cases_gcs import MEMBER
from lightly_policies.evaluator.gcs import MalformedConditionError
from lightly_policies.proof import Proof
from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.analysis.words import PREFIX_NOTE, if_leaked, until_replaced

if TYPE_CHECKING:
    from lightly_access.kinds.gcs.store import GcsStore
    from lightly_access.tables.datasource import Datasource

KEY = "service account's key"


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "GcsStore") -> Analysis:
    """What Lightly could do with this datasource; documents that the cloud would refuse are unexpected, no error."""
    try:
        proved = _proved(purpose, source, store)
        cases = Cases(proved.outcomes, statement(purpose))
        unexpected, accepted = proved.unexpected, proved.accepted
    except (UnrenderableDocumentError, MalformedConditionError, proof_gcs.MalformedGrantError) as error:
        fault = " ".join(str(error).splitlines())
        cases, unexpected, accepted = Cases(()), (f"narrower: nothing can be deployed: {fault}",), ()
    return Analysis(
        dataset,
        purpose,
        store.kind,
        source.access,
        f"gs://{store.bucket}/{source.path}",
        key_words(purpose, source.path, until_replaced(source, KEY), accepted),
        cases,
        unexpected,
    )


def key_words(purpose: Purpose, path: str, long: str, accepted: tuple[str, ...]) -> Words:
    """`long` says for how long the key lives, `accepted` what cannot be narrower."""
    return Words(
        way="a service account's key",
        who="whoever holds the service account's key, a JSON file. No MFA",
        long=long,
        leak=if_leaked(purpose, KEY),
        notes=(*accepted, *((PREFIX_NOTE,) if path else ())),
    )


def _proved(purpose: Purpose, source: "Datasource", store: "GcsStore") -> Proof:
    """With a service account and a role whose names, which decide nothing, stand in for those of a deployment."""
    role = f"projects/{store.project}/roles/lightly"
    permissions = json.loads(render_gcs.gcs_role(purpose))["includedPermissions"]
    return proof_gcs.prove_gcs(
        purpose,
        store.bucket,
        source.path,
        role=json.dumps({"name": role, "includedPermissions": permissions}),
        binding=render_gcs.gcs_binding(store.bucket, source.path, role=role, member=MEMBER),
    )


def statement(purpose: Purpose) -> str:
    """The only binding that there is, by a name that does not hold the bucket's."""
    return f"binding/Lightly {purpose}"
