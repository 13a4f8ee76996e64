"""Google Cloud Storage: the role and the binding that were deployed, as the state has them, case by case. Pure."""

import json
from typing import TYPE_CHECKING, Any

from lightly_policies import proof_gcs
from lightly_policies.evaluator.gcs import MalformedConditionError

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.words import until_due
from lightly_access.deployed.exported import outputs, table, text
from lightly_access.kinds.gcs.analysis import KEY, key_words, statement
from lightly_access.kinds.verified import Location

if TYPE_CHECKING:
    from lightly_policies.proof import Proof

    from lightly_access.deployed.granted import Granted

_BINDING, _ROLE = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:projects/iAMCustomRole:IAMCustomRole"


def analysis(found: "Granted") -> Analysis | None:
    """None where the state has no binding, or not the role that it names."""
    binding = found.parts.get(_BINDING, {})
    roles = [outputs(each) for each in found.everything.of(_ROLE)]
    role = next((each for each in roles if each.get("name") and each["name"] == binding.get("role")), None)
    if role is None:
        return None
    where, source = Location.of_bucket(found.source.path), found.source
    try:
        proved = _proved(found, where, binding, role)
        cases = Cases(proved.outcomes, statement(source.purpose))
        unexpected, accepted = proved.unexpected, proved.accepted
    except (MalformedConditionError, proof_gcs.MalformedGrantError) as error:
        fault = " ".join(str(error).splitlines())
        cases, unexpected, accepted = Cases(()), (f"narrower: nothing is granted: {fault}",), ()
    words = key_words(source.purpose, where.directory, until_due(source.credential, KEY), accepted)
    return Analysis(found.dataset, source.purpose, source.kind, source.access, source.path, words, cases, unexpected)


def _proved(found: "Granted", where: Location, binding: Any, role: Any) -> "Proof":
    condition = table(binding.get("condition"))
    parts = {key: text(condition.get(key)) for key in ("title", "expression", "description")}
    written = {key: text(binding.get(key)) for key in ("bucket", "role", "member")}
    permissions = [each for each in role.get("permissions") or () if isinstance(each, str)]
    return proof_gcs.prove_gcs(
        found.purpose,
        where.bucket,
        where.directory,
        role=json.dumps({"name": text(role.get("name")), "includedPermissions": permissions}),
        binding=json.dumps({**written, "condition": parts if condition else None}),
        member=f"serviceAccount:{found.identity}",
    )
