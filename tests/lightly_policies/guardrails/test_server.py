"""The pack over gRPC: what Pulumi's engine sends and what it gets."""

import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.pulumi_struct import UNKNOWN_TEXT as UNKNOWN
from lightly_policies.guardrails.exemptions import CONFIG_KEY
from lightly_policies.guardrails.registry import BY_NAME, RULES
from lightly_policies.guardrails.rule import Found, resource_rule
from lightly_policies.guardrails.server import Guardrails, serve
from lightly_policies.guardrails.view import Resource
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.lightly_policies.guardrails.given import NOW, STRONG_ID, trust

ROLE = "aws:iam/role:Role"
STACK = "pulumi:pulumi:Stack"


def asked_at(guardrails: Guardrails) -> Iterator[Any]:
    server, port = serve(guardrails)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)
    server.stop(0).wait()


@pytest.fixture
def pack() -> Iterator[Any]:
    yield from asked_at(Guardrails(now=lambda: NOW))


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def struct(properties: dict[str, Any]) -> Struct:
    found = Struct()
    found.update(properties)
    return found


def described(kind: str, name: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "urn": f"urn:{kind}::{name}", "name": name, "properties": struct(properties)}


def diagnostics(pack: Any, kind: str, name: str, /, **properties: Any) -> list[Any]:
    return list(pack.Analyze(analyzer_pb2.AnalyzeRequest(**described(kind, name, **properties))).diagnostics)


def stack_diagnostics(pack: Any, *resources: dict[str, Any]) -> list[Any]:
    listed = [analyzer_pb2.AnalyzerResource(**resource) for resource in resources]
    return list(pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=listed)).diagnostics)


def configure(pack: Any, *, preview: bool = False, exempt: Any = None) -> None:
    config = {} if exempt is None else {CONFIG_KEY: json.dumps(exempt)}
    pack.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="s", dry_run=preview, config=config))


def test_the_pack_tells_every_rule_with_level_severity_fix_and_framework(pack: Any) -> None:
    info = pack.GetAnalyzerInfo(Empty())
    assert [policy.name for policy in info.policies] == [*(rule.name for rule in RULES), "exemption", "known-in-update"]
    told = next(policy for policy in info.policies if policy.name == "s3-block-public-access")
    rule = BY_NAME["s3-block-public-access"]
    assert (told.description, told.remediation_steps, told.url) == (rule.title, rule.fix, rule.source)
    assert (told.enforcementLevel, told.severity) == (analyzer_pb2.MANDATORY, analyzer_pb2.POLICY_SEVERITY_CRITICAL)
    assert (told.framework.name, told.framework.version, told.framework.reference) == ("CIS AWS", "7.0", "3.1.4")


def test_a_violation_comes_with_its_rule_level_and_message(pack: Any) -> None:
    (found,) = diagnostics(pack, "aws:iam/userPolicy:UserPolicy", "it")
    assert (found.policyName, found.policyPackName, found.enforcementLevel) == (
        "no-policy-on-users", "lightly-guardrails", analyzer_pb2.MANDATORY,
    )  # fmt: skip
    assert found.message == BY_NAME["no-policy-on-users"].message(Found("it gives a policy to a user directly"))
    assert found.urn == "urn:aws:iam/userPolicy:UserPolicy::it"


def test_no_secret_leaves_the_pack(pack: Any) -> None:
    """A trusted principal would be named; here it is a secret of the same resource."""
    principal = "arn:aws:iam::111122223333:role/canary-secret"
    document = trust(["arn:aws:iam::916419735646:root", principal])
    told = diagnostics(pack, ROLE, "r", assumeRolePolicy=secret(document), description=secret(principal))
    assert told
    assert "canary-secret" not in str(told)
    assert STRONG_ID not in str(told)


def test_an_unknown_is_said_once_at_the_end_of_a_preview(pack: Any) -> None:
    configure(pack, preview=True)
    assert diagnostics(pack, ROLE, "r", assumeRolePolicy=UNKNOWN) == []
    assert diagnostics(pack, ROLE, "q", assumeRolePolicy=secret(UNKNOWN)) == []
    (found,) = stack_diagnostics(pack)
    assert (found.policyName, found.enforcementLevel) == ("known-in-update", analyzer_pb2.ADVISORY)
    assert "trust-external-id: r.assumeRolePolicy, q.assumeRolePolicy" in found.message
    assert stack_diagnostics(pack) == []


def test_an_unknown_in_an_update_does_not_pass(pack: Any) -> None:
    configure(pack)
    names = {diagnostic.policyName for diagnostic in diagnostics(pack, ROLE, "r", assumeRolePolicy=UNKNOWN)}
    assert {"trust-exact-account", "trust-external-id"} <= names


def test_an_expired_exemption_is_a_violation_of_the_stack_and_exempts_nothing(pack: Any) -> None:
    entry = {"rule": "no-policy-on-users", "reason": "soon a group", "until": "2026-11-20"}
    configure(pack, exempt=[entry])
    (found,) = diagnostics(pack, STACK, "plain-test")
    assert (found.policyName, found.enforcementLevel) == ("exemption", analyzer_pb2.MANDATORY)
    assert found.message.startswith("the exemption from no-policy-on-users (soon a group) expired on 2026-11-20\nhint:")
    (still,) = diagnostics(pack, "aws:iam/userPolicy:UserPolicy", "it")
    assert still.enforcementLevel == analyzer_pb2.MANDATORY


def test_a_standing_exemption_makes_advice_of_a_violation(pack: Any) -> None:
    configure(pack, exempt=[{"rule": "no-policy-on-users", "reason": "soon a group", "until": "2026-12-31"}])
    assert diagnostics(pack, STACK, "plain-test") == []
    (found,) = diagnostics(pack, "aws:iam/userPolicy:UserPolicy", "it")
    assert found.enforcementLevel == analyzer_pb2.ADVISORY
    assert found.message == "exempt until 2026-12-31 (soon a group): it gives a policy to a user directly"


def test_the_packs_configuration_sets_levels_and_exempts(pack: Any) -> None:
    entry = {"reason": "soon a group", "until": "2026-12-31", "resource": "other"}
    settings = {
        "no-policy-on-users": analyzer_pb2.PolicyConfig(
            enforcementLevel=analyzer_pb2.ADVISORY, properties=struct({"exempt": [entry]})
        ),
        "trust-session-length": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.DISABLED),
    }
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=settings))
    (found,) = diagnostics(pack, "aws:iam/userPolicy:UserPolicy", "it")
    assert (found.enforcementLevel, found.message[:6]) == (analyzer_pb2.ADVISORY, "it giv")
    (exempt,) = diagnostics(pack, "aws:iam/userPolicy:UserPolicy", "other")
    assert exempt.message.startswith("exempt until 2026-12-31")
    assert diagnostics(pack, ROLE, "r", assumeRolePolicy=trust()) == []


def test_what_was_not_registered_in_this_run_was_looked_up(pack: Any) -> None:
    theirs = described("aws:s3/bucket:Bucket", "theirs", bucket="theirs")
    ours = described("aws:s3/bucket:Bucket", "ours", bucket="ours")
    diagnostics(pack, "aws:s3/bucket:Bucket", "ours", bucket="ours")
    assert {diagnostic.urn for diagnostic in stack_diagnostics(pack, theirs, ours)} == {ours["urn"]}


def test_dependencies_tell_what_belongs_together(pack: Any) -> None:
    configure(pack, preview=True)
    diagnostics(pack, STACK, "s")
    source = described("lightly:index:Datasource", "d", purpose="INPUT", datasetId=UNKNOWN)
    diagnostics(pack, "lightly:index:Datasource", "d", purpose="INPUT")
    assert [diagnostic.policyName for diagnostic in stack_diagnostics(pack, source)] == ["datasource-verified"]
    check = described("lightly:index:Verification", "v", datasetId=UNKNOWN)
    check["propertyDependencies"] = {"datasources": analyzer_pb2.AnalyzerPropertyDependencies(urns=[source["urn"]])}
    assert stack_diagnostics(pack, source, check) == []


@pytest.mark.parametrize("value", [{SIGNATURE: "c44067f5952c0a294b673a41bacd8c17"}, {SIGNATURE: "new"}, [None], 1e300])
def test_nothing_that_may_stand_in_a_stack_breaks_the_pack(pack: Any, value: Any) -> None:
    for rule in RULES:
        for kind in rule.types or ("aws:s3/bucket:Bucket",):
            keys = ("assumeRolePolicy", "policy", "members", "member", "policyData", "keyPolicy", "sasToken", "start")
            diagnostics(pack, kind, "it", **dict.fromkeys(keys, value))
            stack_diagnostics(pack, described(kind, "it", **dict.fromkeys((*keys, "bucket", "user", "role"), value)))


def test_a_defect_of_a_rule_ends_the_run_and_tells_no_value() -> None:
    @resource_rule("defect", types=("t",), level="advisory", severity="low", fix="", source="")
    def defect(resource: Resource) -> Iterator[str]:
        """It fails."""
        raise KeyError(resource.get("word"))

    for pack in asked_at(Guardrails(rules=[defect])):
        with pytest.raises(grpc.RpcError) as failure:
            diagnostics(pack, "t", "it", word="canary")
        assert "the pack lightly-guardrails failed in Analyze: KeyError at test_server.py:" in str(failure.value)
        assert "canary" not in str(failure.value)
