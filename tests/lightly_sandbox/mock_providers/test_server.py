"""The provider protocol as Pulumi's engine speaks it: attaching, configuring, and one configuration a connection."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from lightly_core.pulumi_struct import SIGNATURE, to_struct
from lightly_core.pulumi_values import UNKNOWN, SecretValue
from lightly_sandbox.kinds.s3.mock_provider import Serving, mock_provider
from lightly_sandbox.kinds.s3.mock_provider.cloud import SDK
from pulumi.runtime.proto import provider_pb2

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

NOWHERE = {
    "endpoint": "http://127.0.0.1:9",
    "region": "eu-central-1",
    "access_key_id": "AKIAX",
    "secret_access_key": "s" * 20,
}
SECRET = "not-for-anybodys-eyes"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    serving: Serving = mock_provider(NOWHERE, 1.0)
    yield serving.port
    serving.stop()


@pytest.fixture
def plugin(port: int) -> Iterator[Plugin]:
    connection = Plugin(port)
    yield connection
    connection.close()


def test_the_engine_is_told_what_the_mock_provider_can(plugin: Plugin) -> None:
    assert plugin.handshake.accept_secrets
    assert plugin.handshake.supports_autonaming_configuration
    assert plugin.call("GetPluginInfo", Empty()).version == SDK.version


def test_settings_that_are_not_implemented_are_refused_by_name(plugin: Plugin) -> None:
    failures = plugin.check_config(
        {"region": "eu-west-1", "httpProxy": "me", "assumeRoleWithWebIdentity": '{"roleArn":"x"}', "nosuch": "1"}
    )
    assert {name for name, _ in failures} == {"httpProxy", "assumeRoleWithWebIdentity", "nosuch"}
    assert ("httpProxy", "the mock provider does not implement the provider setting `aws:httpProxy`") in failures


def test_settings_that_say_nothing_are_fine(plugin: Plugin) -> None:
    settings = {"profile": "", "assumeRoles": "[]", "defaultTags": "null", "skipCredentialsValidation": "false"}
    assert plugin.check_config({**settings, "version": SDK.version}) == []


def test_half_a_key_is_refused(plugin: Plugin) -> None:
    assert [name for name, _ in plugin.check_config({"accessKey": "AKIA"})] == ["secretKey"]
    assert [name for name, _ in plugin.check_config({"accessKey": UNKNOWN, "secretKey": SecretValue(UNKNOWN)})] == []


def test_configure_refuses_what_check_config_refuses(port: int) -> None:
    with pytest.raises(ProviderError, match="httpProxy: the mock provider does not implement"):
        Plugin(port, {"httpProxy": "me"})


def test_a_change_of_settings_updates_the_provider_and_replaces_nothing(plugin: Plugin) -> None:
    def ask(old: dict[str, Any], new: dict[str, Any]) -> Any:
        return plugin.call("DiffConfig", provider_pb2.DiffRequest(old_inputs=to_struct(old), news=to_struct(new)))

    same = ask({"region": "a", "version": "1"}, {"region": "a", "version": "2"})
    changed = ask({"region": "a", "secretKey": SecretValue("1")}, {"region": "b", "secretKey": SecretValue("2")})
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert (list(changed.diffs), list(changed.replaces)) == (["region", "secretKey"], [])


def test_nothing_is_done_on_a_connection_that_was_not_configured(port: int) -> None:
    connection = Plugin(port, configure=False)
    with pytest.raises(ProviderError, match="not configured on this connection"):
        connection.create("aws:iam/group:Group", "g", {"name": "g"})
    connection.close()


def test_a_preview_works_while_settings_are_unknown(port: int) -> None:
    connection = Plugin(port, {"region": UNKNOWN, "accessKey": UNKNOWN, "secretKey": SecretValue(UNKNOWN)})
    foreseen = connection.preview("aws:iam/group:Group", "g", {"name": "g"})
    assert (foreseen["name"], foreseen["arn"]) == ("g", UNKNOWN)
    connection.close()


def test_two_configurations_over_one_connection_are_refused_with_the_way_out(port: int) -> None:
    connection = Plugin(port, {"region": "eu-west-1"})
    connection.configure({"region": "eu-west-1"})
    with pytest.raises(ProviderError, match="use_local_subchannel_pool"):
        connection.configure({"region": "eu-west-2"})
    connection.close()


def test_each_connection_has_its_own_region(port: int) -> None:
    west, east = Plugin(port, {"region": "eu-west-1"}), Plugin(port, {"region": "us-east-1"})
    for connection, region in ((west, "eu-west-1"), (east, "us-east-1"), (west, "eu-west-1")):
        assert connection.invoke("aws:index/getRegion:getRegion")["region"] == region
        assert connection.preview("aws:s3/bucket:Bucket", "b", {"bucket": "b"})["region"] == region
    west.close()
    east.close()


def test_types_and_functions_that_are_not_there_are_refused_by_name(plugin: Plugin) -> None:
    with pytest.raises(ProviderError, match="does not implement the resource type aws:sqs/queue:Queue"):
        plugin.check("aws:sqs/queue:Queue", "q", {})
    with pytest.raises(ProviderError, match="does not implement the function aws:s3/getObject:getObject"):
        plugin.invoke("aws:s3/getObject:getObject")


def test_an_error_is_one_sentence_without_traceback_or_secret(port: int) -> None:
    connection = Plugin(port, {"accessKey": "AKIAY", "secretKey": SecretValue(SECRET), "region": "eu-west-1"})
    with pytest.raises(ProviderError) as failure:
        connection.create("aws:iam/group:Group", "g", {"name": SecretValue(SECRET + "-name")})
    assert failure.value.text.startswith("could not create IAM group '<secret>' (aws:iam/group:Group): ")
    assert SECRET not in failure.value.text
    assert "Traceback" not in failure.value.text
    assert "\n" not in failure.value.text
    connection.close()


def test_an_asset_is_refused_by_its_path(plugin: Plugin) -> None:
    asset = to_struct({"bucket": "b"})
    asset.update({"source": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": ""}})
    request = provider_pb2.CheckRequest(type="aws:s3/bucketObjectv2:BucketObjectv2", name="o", urn="u", news=asset)
    with pytest.raises(ProviderError, match="source: got an asset"):
        plugin.call("Check", request)


def test_a_mock_provider_that_stopped_does_not_answer(port: int) -> None:
    serving = mock_provider(NOWHERE)
    connection = Plugin(serving.port)
    serving.stop()
    serving.stop()
    with pytest.raises(ProviderError) as failure:
        connection.invoke("aws:index/getPartition:getPartition")
    assert isinstance(failure.value.__cause__, grpc.RpcError)
    connection.close()
