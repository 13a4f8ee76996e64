"""Datasource: bodies as Lightly's client sends them, secrets sealed, drift shown."""

import pytest
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_api.retry import RetryPolicy
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, plain
from lightly_core.secret import Secret
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.handler import Call, Diff

from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, Fault

HANDLER = DatasourceHandler()
KMS = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
COMMON: Properties = {"kind": "s3", "path": "s3://lake/cows/", "region": "eu-central-1"}
DELEGATED: Properties = {
    **COMMON,
    "access": "delegated",
    "roleArn": "arn:aws:iam::123456789012:role/lightly/cows",
    "externalId": SecretValue("canary-external-id"),
}
USER: Properties = {
    **COMMON,
    "access": "user",
    "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "secretAccessKey": SecretValue("canary/secret+key"),
}
SUFFIX = ".lightly/thumbnails/[filename]_thumb.[extension]"


@pytest.fixture
def call(api: LightlyApi) -> Call:
    return Call(api=lambda: api)


@pytest.fixture
def dataset(lightly: FakeLightly) -> Properties:
    return {"datasetId": lightly.add("cows"), "purpose": "INPUT"}


@pytest.mark.parametrize(
    ("access", "fields"),
    [
        (
            {**DELEGATED, "kmsKeyArn": KMS},
            {
                "type": "S3DelegatedAccess",
                "s3ARN": "arn:aws:iam::123456789012:role/lightly/cows",
                "s3ExternalId": "canary-external-id",
                "s3ServerSideEncryptionKMSKey": KMS,
            },
        ),
        (USER, {"type": "S3", "s3AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "s3SecretAccessKey": "canary/secret+key"}),
    ],
)
def test_create_and_update_put_what_lightlys_client_puts(
    lightly: FakeLightly, call: Call, dataset: Properties, access: Properties, fields: dict[str, str]
) -> None:
    common = {"purpose": "INPUT", "fullPath": "s3://lake/cows/", "thumbSuffix": SUFFIX, "s3Region": "eu-central-1"}
    made = HANDLER.create(call, {**dataset, **access})
    assert made.id == f"{dataset['datasetId']}/INPUT"
    assert made.properties == _but_secrets({**dataset, **access})
    assert HANDLER.update(call, made.id, made.properties, {**dataset, **access}) == made.properties
    path = f"/v1/datasets/{dataset['datasetId']}/datasource"
    asked = [(seen.method, seen.path, seen.body) for seen in lightly.seen]
    assert asked == [("GET", path, None), ("PUT", path, {**common, **fields})] * 2


def _but_secrets(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if not isinstance(value, SecretValue)}


@pytest.mark.parametrize("access", [USER, DELEGATED])
def test_a_secret_is_put_out_only_where_no_resource_that_made_it_does(
    call: Call, dataset: Properties, access: Properties
) -> None:
    ours = {**dataset, **access}
    theirs = {**ours, "given": True}
    for inputs, shown in ((ours, _but_secrets(ours)), (theirs, theirs)):
        made = HANDLER.create(call, inputs)
        found = HANDLER.read(call, made.id, inputs, made.properties)
        assert found is not None
        seen = (made.properties, HANDLER.planned(inputs, None), found.properties)
        assert seen == (shown, shown, shown)
        assert HANDLER.update(call, made.id, {**inputs, **made.properties}, inputs) == shown


def test_check_reports_every_bad_property_by_name_and_shows_no_secret() -> None:
    checked = HANDLER.check(
        {
            "datasetId": "x",
            "purpose": "INPUT_OUTPUT",
            "kind": "moon",
            "access": "delegated",
            "path": "/a",
            "region": "us-gov-east-1",
            "roleArn": "arn:aws-cn:iam::123456789012:role/x",
            "externalId": SecretValue("canary!!"),
            "secretAccessKey": SecretValue("canary"),
            "kmsKeyArn": "alias/x",
            "rolearn": "?",
        }
    )
    assert {failure.property for failure in checked.failures} == {
        *("datasetId", "purpose", "kind", "path", "region", "roleArn", "externalId", "secretAccessKey"),
        *("kmsKeyArn", "rolearn"),
    }
    assert "canary" not in repr(checked.failures)


def test_a_key_in_another_region_and_roles_in_china_are_refused(dataset: Properties) -> None:
    moved = HANDLER.check({**dataset, **DELEGATED, "kmsKeyArn": KMS, "region": "eu-west-1"})
    assert [failure.property for failure in moved.failures] == ["kmsKeyArn"]
    china = HANDLER.check({**dataset, **DELEGATED, "region": "cn-northwest-1"})
    assert [failure.property for failure in china.failures] == ["access"]


@pytest.mark.parametrize("name", ["externalId", "secretAccessKey"])
def test_check_seals_secrets_that_came_in_clear(dataset: Properties, name: str) -> None:
    clear: Properties = DELEGATED if name == "externalId" else USER
    sealed = clear[name]
    assert isinstance(sealed, SecretValue)
    checked = HANDLER.check({**dataset, **clear, name: sealed.value})
    assert not checked.failures
    assert checked.inputs[name] == sealed


def test_check_takes_unknowns_on_trust(dataset: Properties) -> None:
    unknown = {**dataset, **dict.fromkeys(DELEGATED, UNKNOWN), "externalId": SecretValue(UNKNOWN)}
    checked = HANDLER.check(unknown)
    assert not checked.failures
    assert checked.inputs == unknown


def test_another_dataset_or_purpose_needs_a_new_one_all_else_is_put_in_place(dataset: Properties) -> None:
    old = {**dataset, **DELEGATED}
    assert HANDLER.diff(old, old, dict(old)) == Diff()
    assert HANDLER.diff(old, old, {**old, "purpose": "LIGHTLY"}).replaces == {"purpose"}
    assert HANDLER.diff(old, old, {**old, "datasetId": UNKNOWN}).replaces == {"datasetId"}
    assert HANDLER.diff(old, old, {**old, "externalId": SecretValue("another-id")}) == Diff(frozenset({"externalId"}))


def test_read_without_drift_changes_nothing(lightly: FakeLightly, call: Call, dataset: Properties) -> None:
    for access in (DELEGATED, USER, {**USER, "kmsKeyArn": KMS}):
        lightly.datasources.clear()
        made = HANDLER.create(call, {**dataset, **access})
        found = HANDLER.read(call, made.id, made.properties, made.properties)
        assert found is not None
        assert found.inputs == made.properties == found.properties


def test_masked_secrets_and_a_lost_slash_are_no_drift(lightly: FakeLightly, call: Call, dataset: Properties) -> None:
    inputs = {**dataset, **USER}
    made = HANDLER.create(call, inputs)
    stored = lightly.datasources[str(dataset["datasetId"]), "INPUT"]
    stored.update(s3SecretAccessKey="****", s3AccessKeyId="AKIA************", fullPath="s3://lake/cows")
    found = HANDLER.read(call, made.id, inputs, made.properties)
    assert found is not None
    assert (found.inputs, found.properties) == (inputs, made.properties)
    del stored["s3SecretAccessKey"]
    found = HANDLER.read(call, made.id, inputs, made.properties)
    assert found is not None
    assert found.inputs["secretAccessKey"] == USER["secretAccessKey"]


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("s3AccessKeyId", "AKIAI44QH8DHBEXAMPLE", "accessKeyId"),
        ("fullPath", "s3://other/", "path"),
        ("s3Region", "eu-west-1", "region"),
        ("s3ServerSideEncryptionKMSKey", KMS, "kmsKeyArn"),
    ],
)
def test_drift_of_what_is_no_secret_is_shown(
    lightly: FakeLightly, call: Call, dataset: Properties, field: str, value: str, name: str
) -> None:
    made = HANDLER.create(call, {**dataset, **USER})
    lightly.datasources[str(dataset["datasetId"]), "INPUT"][field] = value
    found = HANDLER.read(call, made.id, made.properties, made.properties)
    assert found is not None
    assert found.inputs[name] == value
    assert HANDLER.diff(found.inputs, found.properties, made.properties).changes == {name}


def test_another_kind_of_store_registered_by_hand_is_drift(
    lightly: FakeLightly, call: Call, dataset: Properties
) -> None:
    made = HANDLER.create(call, {**dataset, **USER})
    lightly.datasources[str(dataset["datasetId"]), "INPUT"] = {"type": "HDFS", "fullPath": "hdfs://b/"}
    found = HANDLER.read(call, made.id, made.properties, made.properties)
    assert found is not None
    assert found.inputs == {**dataset, "kind": "hdfs", "path": "hdfs://b/"}


def test_import_takes_from_lightly_what_it_shows(lightly: FakeLightly, call: Call, dataset: Properties) -> None:
    made = HANDLER.create(call, {**dataset, **USER})
    lightly.datasources[str(dataset["datasetId"]), "INPUT"]["s3SecretAccessKey"] = "*****"
    found = HANDLER.read(call, made.id, {}, {})
    assert found is not None
    assert found.inputs == {name: value for name, value in made.properties.items() if name != "secretAccessKey"}


@pytest.mark.parametrize("access", [USER, DELEGATED])
def test_an_import_has_no_secret_even_when_lightly_shows_it(
    call: Call, dataset: Properties, access: Properties
) -> None:
    made = HANDLER.create(call, {**dataset, **access})
    found = HANDLER.read(call, made.id, {}, {})
    assert found is not None
    assert "canary" not in repr(plain(found.inputs))
    changes = HANDLER.diff(found.inputs, found.properties, {**dataset, **access}).changes
    assert changes <= {"secretAccessKey", "externalId"}
    assert changes


def test_a_datasource_that_is_gone_is_gone(call: Call, dataset: Properties) -> None:
    assert HANDLER.read(call, f"{dataset['datasetId']}/LIGHTLY", {}, {}) is None
    assert HANDLER.read(call, f"{99:024x}/LIGHTLY", {}, {}) is None


@pytest.mark.parametrize("resource_id", ["x", "x/INPUT", f"{1:024x}", f"{1:024x}/input", f"{1:024x}/INPUT/x"])
def test_an_id_of_another_form_is_refused(call: Call, resource_id: str) -> None:
    with pytest.raises(RequestRefusedError, match="<dataset id>/<purpose>"):
        HANDLER.read(call, resource_id, {}, {})


def test_delete_calls_nothing_and_says_so(lightly: FakeLightly) -> None:
    said: list[str] = []

    def no_api() -> LightlyApi:
        raise AssertionError("no call is needed")

    HANDLER.delete(Call(api=no_api, tell=said.append), "abc/INPUT", {}, {})
    assert "no call that removes one" in said[0]


LOCAL: Properties = {
    "kind": "local",
    "access": "mount",
    "path": "local://input_mount/cam1/",
    "webServer": "http://localhost:3456",
}


@pytest.mark.parametrize(("path", "full"), [("cam1/", "cam1"), ("", ""), ("a/b/", "a/b")])
def test_a_local_datasource_is_registered_as_lightlys_client_does(
    lightly: FakeLightly, call: Call, dataset: Properties, path: str, full: str
) -> None:
    news: Properties = {**dataset, **LOCAL, "path": f"local://input_mount/{path}"}
    assert not HANDLER.check(news).failures
    made = HANDLER.create(call, news)
    wanted = {"fullPath": full, "webServerLocation": "http://localhost:3456"}
    assert lightly.seen[-1].body == {"type": "LOCAL", "purpose": "INPUT", "thumbSuffix": SUFFIX, **wanted}
    found = HANDLER.read(call, made.id, news, made.properties)
    assert found
    assert HANDLER.diff(found.inputs, found.properties, news) == Diff(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"path": "cam1/"}, "expected local://input_mount/<directory>/ or local://lightly_mount/<directory>/"),
        ({"path": "local://lightly_mount/cam1/"}, "expected local://input_mount/<directory>/ for INPUT"),
        ({"path": "local://input_mount/../etc/"}, "no . or .. as a directory"),
        ({"path": "local://input_mount//etc/"}, "no / at the start"),
        ({"path": "local://input_mount/cam1"}, "it ends in /"),
        ({"path": "local://other_mount/cam1/"}, "expected local://input_mount/"),
        ({"webServer": "localhost:3456"}, "with http:// or https://"),
        ({"webServer": None}, "is needed"),
        ({"access": "user"}, "expected mount for a store of kind local"),
        ({"region": "eu-central-1"}, "does not belong here"),
    ],
)
def test_a_wrong_local_datasource_is_refused(dataset: Properties, wrong: Properties, said: str) -> None:
    failures = HANDLER.check({**dataset, **LOCAL, **wrong}).failures
    assert [failure for failure in failures if said in failure.reason], failures


def test_the_end_of_a_local_datasource_says_what_stays(call: Call, dataset: Properties) -> None:
    told: list[str] = []
    news: Properties = {**dataset, **LOCAL}
    HANDLER.delete(Call(api=call.api, tell=told.append), "x/INPUT", news, news)
    assert "it holds no credential" in told[0]


THEIRS: dict[str, str] = {
    "type": "S3",
    "fullPath": "s3://theirs/",
    "s3Region": "eu-west-1",
    "purpose": "INPUT",
    "s3AccessKeyId": "AKIATHEIRS0000000000",
    "s3SecretAccessKey": "****",
}


@pytest.mark.parametrize("change", [{}, {"fullPath": "s3://lake/cows/"}, {"s3AccessKeyId": USER["accessKeyId"]}])
@pytest.mark.parametrize("ours", [USER, DELEGATED])
def test_another_one_that_is_registered_there_is_named_and_not_overwritten(
    lightly: FakeLightly, call: Call, dataset: Properties, ours: Properties, change: dict[str, str]
) -> None:
    theirs = {**THEIRS, **change}
    lightly.datasources[str(dataset["datasetId"]), "INPUT"] = theirs
    with pytest.raises(RequestRefusedError) as caught:
        HANDLER.create(call, {**dataset, **ours})
    said = str(caught.value)
    assert f"somebody registered another one: {theirs['fullPath']} with key {theirs['s3AccessKeyId']}" in said
    assert "`replace_registered: true`" in str(caught.value.hint)
    assert "canary" not in said
    assert lightly.datasources[str(dataset["datasetId"]), "INPUT"] is theirs


def test_it_is_overwritten_when_the_manifest_says_so_and_that_is_told(
    lightly: FakeLightly, api: LightlyApi, dataset: Properties
) -> None:
    lightly.datasources[str(dataset["datasetId"]), "INPUT"] = THEIRS
    said: list[str] = []
    HANDLER.create(Call(api=lambda: api, warn=said.append), {**dataset, **USER, "replaceRegistered": True})
    assert said == [
        f"datasource {dataset['datasetId']}/INPUT: took the place of s3://theirs/ with key AKIATHEIRS0000000000"
    ]
    assert lightly.datasources[str(dataset["datasetId"]), "INPUT"]["fullPath"] == "s3://lake/cows/"


@pytest.mark.parametrize("effect", [True, False])
def test_what_somebody_registers_before_it_is_tried_again_is_not_overwritten(
    lightly: FakeLightly, dataset: Properties, effect: bool
) -> None:
    def meanwhile(seconds: float) -> None:
        lightly.datasources[key] = THEIRS

    key, policy = (str(dataset["datasetId"]), "INPUT"), RetryPolicy(sleep=meanwhile)
    api = LightlyApi(Secret(TOKEN), lightly.url, retry_policy=policy)
    lightly.faults.append(Fault("PUT", ".*", 429, {"Retry-After": "30"}, effect=effect))
    with pytest.raises(RequestRefusedError, match="somebody registered another one: s3://theirs/"):
        HANDLER.create(Call(api=lambda: api), {**dataset, **USER})
    assert lightly.datasources[key] is THEIRS


@pytest.mark.parametrize("effect", [True, False])
def test_one_that_is_tried_again_is_registered_and_what_it_overwrites_is_told_once(
    lightly: FakeLightly, api: LightlyApi, dataset: Properties, effect: bool
) -> None:
    key, said = (str(dataset["datasetId"]), "INPUT"), list[str]()
    lightly.datasources[key] = THEIRS
    lightly.faults.append(Fault("PUT", ".*", 504, effect=effect, times=2))
    HANDLER.create(Call(api=lambda: api, warn=said.append), {**dataset, **USER, "replaceRegistered": True})
    assert [line.partition(": ")[2] for line in said] == [
        "took the place of s3://theirs/ with key AKIATHEIRS0000000000"
    ]
    assert lightly.datasources[key]["fullPath"] == "s3://lake/cows/"


def test_an_update_overwrites_only_what_the_state_knows(lightly: FakeLightly, call: Call, dataset: Properties) -> None:
    made, key = HANDLER.create(call, {**dataset, **USER}), (str(dataset["datasetId"]), "INPUT")
    rotated = {**made.properties, "accessKeyId": "AKIAROTATED000000000"}
    HANDLER.update(call, made.id, made.properties, rotated)
    HANDLER.update(call, made.id, made.properties, rotated)  # again, after a run that could not write its state
    lightly.datasources[key] = THEIRS
    with pytest.raises(RequestRefusedError, match="pulumi up --refresh"):
        HANDLER.update(call, made.id, rotated, {**rotated, "path": "s3://lake/calves/"})
    found = HANDLER.read(call, made.id, rotated, rotated)  # the refresh, whose preview shows what will be overwritten
    assert found is not None
    HANDLER.update(call, made.id, found.properties, rotated)
    assert lightly.datasources[key]["s3AccessKeyId"] == "AKIAROTATED000000000"


def test_the_word_about_overwriting_is_no_change(dataset: Properties) -> None:
    old = {**dataset, **USER}
    assert HANDLER.diff(old, old, {**old, "replaceRegistered": True}) == Diff()
