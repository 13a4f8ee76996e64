"""What a caller without Lightly's client sees: statuses, error bodies, names, pages, purposes."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import urllib3

from tests.lightly_sandbox.lightly.caller import DELEGATED, S3_INPUT, Api

UNKNOWN = "0123456789abcdef01234567"


def refused(answer: urllib3.BaseHTTPResponse) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"code", "error"}
    return answer.status, body["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/datasets"),
        ("POST", "/v1/datasets"),
        ("GET", f"/v1/datasets/{UNKNOWN}"),
        ("DELETE", f"/v1/datasets/{UNKNOWN}"),
        ("PUT", f"/v1/datasets/{UNKNOWN}/datasource"),
        ("GET", f"/v1/datasets/{UNKNOWN}/datasource/verify"),
        ("GET", "/v1/docker/worker"),
        ("POST", "/v1/docker/worker/config/vX"),
        ("POST", f"/v1/datasets/{UNKNOWN}/docker/worker/schedule"),
    ],
)
def test_each_call_wants_the_token(api: Api, method: str, path: str) -> None:
    for token in (None, "", "another", "token-of-the-tesT"):
        assert refused(Api(api.url, token)(method, path)) == (401, "UNAUTHORIZED")


def test_two_tokens_are_no_token(api: Api) -> None:
    assert refused(Api(api.url, None)("GET", "/v1/datasets", token=["token-of-the-test", "x"])) == (401, "UNAUTHORIZED")


def test_versions_need_no_token(api: Api) -> None:
    stranger = Api(api.url, None)
    assert stranger("GET", "/v1/versions/pip/minimum").json() == "1.2.1"
    assert stranger("GET", "/v1/versions/pip/latest", currentVersion="1.5.26").json() == "1.5.26"


def test_an_unknown_dataset_is_404_everywhere(api: Api) -> None:
    here = f"/v1/datasets/{UNKNOWN}"
    run = {"configId": UNKNOWN, "priority": "MID"}
    for answer in (
        api("GET", here),
        api("DELETE", here),
        api("GET", f"{here}/datasource"),
        api("GET", f"{here}/datasource/all"),
        api("PUT", f"{here}/datasource", S3_INPUT),
        api("GET", f"{here}/datasource/verify"),
        api("GET", f"{here}/docker/worker/schedule"),
        api("POST", f"{here}/docker/worker/schedule", run),
        api("POST", "/v1/datasets", {"name": "child", "parentDatasetId": UNKNOWN}),
    ):
        assert refused(answer) == (404, "DATASET_UNKNOWN")


@pytest.mark.parametrize("bad", ["x", UNKNOWN.upper(), UNKNOWN + "0", UNKNOWN + "%0A"])
def test_an_id_that_cannot_be_one_is_400(api: Api, bad: str) -> None:
    assert refused(api("GET", f"/v1/datasets/{bad}")) == (400, "MALFORMED_REQUEST")


def test_an_unknown_path_is_404_with_the_apis_body(api: Api) -> None:
    assert refused(api("GET", "/v1/nothing")) == (404, "NOT_FOUND")
    assert refused(api("PATCH", "/v1/datasets")) == (404, "NOT_FOUND")


def test_a_name_is_taken_once(api: Api) -> None:
    first = api.new_dataset("twice")
    assert refused(api("POST", "/v1/datasets", {"name": "twice"})) == (409, "DATASET_NAME_EXISTS")
    assert api("DELETE", f"/v1/datasets/{first}").status == 200
    assert api.new_dataset("twice") != first


@pytest.mark.parametrize("name", ["ab", "-ab", "", "naïve", "a/b", "abc\n", "abc ", 7])
def test_a_name_follows_the_rules(api: Api, name: Any) -> None:
    good = name == "abc "  # a blank at the end is allowed, odd as it is
    assert (api("POST", "/v1/datasets", {"name": name}).status == 201) is good


def test_a_body_must_be_json_of_a_bearable_size(api: Api) -> None:
    assert refused(api("POST", "/v1/datasets", b"{")) == (400, "MALFORMED_REQUEST")
    assert refused(api("POST", "/v1/datasets", b"[]")) == (400, "MALFORMED_REQUEST")
    assert refused(api("POST", "/v1/datasets", json.dumps({"name": "x" * (1 << 20)}).encode())) == (
        413,
        "PAYLOAD_TOO_LARGE",
    )
    with urllib3.PoolManager(retries=False) as pool:
        answer = pool.request("POST", f"{api.url}/v1/datasets?token={api.token}", body='{"name": "abc"}')
    assert refused(answer) == (400, "BAD_REQUEST")


def test_names_are_found_by_prefix_or_exactly_and_in_pages(api: Api) -> None:
    made = [api.new_dataset(name) for name in ("farm", "farm-animals", "dashcam")]

    def ids(path: str, **query: Any) -> list[str]:
        return [found["id"] for found in api("GET", path, **query).json()]

    assert ids("/v1/datasets/query/name/farm", exact=True) == made[:1]
    assert ids("/v1/datasets/query/name/farm") == made[:2]
    assert ids("/v1/datasets/query/name/arm") == []
    assert ids("/v1/datasets") == made
    assert ids("/v1/datasets", pageSize=2, pageOffset=0) == made[:2]
    assert ids("/v1/datasets", pageSize=2, pageOffset=2) == made[2:]
    assert ids("/v1/datasets", shared=True) == []


def test_a_query_is_checked(api: Api) -> None:
    for query in ({"pageSize": 0}, {"pageOffset": -1}, {"shared": "yes"}, {"surprise": 1}, {"pageSize": "1.0"}):
        assert refused(api("GET", "/v1/datasets", **query)) == (400, "MALFORMED_REQUEST")
    here = f"/v1/datasets/{api.new_dataset()}/datasource"
    assert refused(api("GET", here, purpose="input")) == (400, "MALFORMED_REQUEST")


def test_datasources_are_kept_by_purpose_and_replaced(api: Api) -> None:
    dataset = api.new_dataset()
    here = f"/v1/datasets/{dataset}/datasource"
    assert refused(api("GET", here)) == (404, "DATASET_DATASOURCE_UNKNOWN")
    assert api("PUT", here, S3_INPUT).status == 200
    assert refused(api("GET", here, purpose="LIGHTLY")) == (404, "DATASET_DATASOURCE_UNKNOWN")
    assert api("PUT", here, DELEGATED).status == 200
    first = api("GET", here, purpose="INPUT").json()
    assert first == S3_INPUT | {"id": first["id"]}
    assert api("PUT", here, S3_INPUT | {"s3AccessKeyId": "AKIAROTATED"}).status == 200
    second = api("GET", here).json()
    assert (second["id"], second["s3AccessKeyId"]) == (first["id"], "AKIAROTATED")
    assert [source["purpose"] for source in api("GET", f"{here}/all").json()] == ["INPUT", "LIGHTLY"]
    assert refused(api("PUT", here, S3_INPUT | {"id": UNKNOWN})) == (404, "DATASET_DATASOURCE_UNKNOWN")
    assert api("GET", f"/v1/datasets/{dataset}").json()["datasources"][0] == first["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"s3Region": "il-central-1"},
        {"s3Region": "us-gov-west-1"},
        {"s3ExternalId": "too-short"},
        {"s3ExternalId": "with blanks in it"},
        {"s3ExternalId": "an-external-id\n"},
        {"s3ARN": "arn:aws-cn:iam::123456789012:role/x"},
        {"s3ARN": "arn:aws:iam::12345678901:role/x"},
        {"s3ARN": "arn:aws:iam::123456789012:user/x"},
        {"s3ServerSideEncryptionKMSKey": "alias/my-key"},
        {"s3ServerSideEncryptionKMSKey": "arn:aws:kms:eu-central-1:123456789012:alias/x"},
        {"purpose": "OUTPUT"},
        {"type": "S3Delegated"},
        {"fullPath": "https://bucket/x/"},
        {"fullPath": "s3://UPPER/x/"},
        {"fullPath": "s3://"},
        {"s3SecretAccessKey": "not a field of this type"},
    ],
)
def test_a_bad_datasource_is_refused_and_not_kept(api: Api, change: dict[str, str]) -> None:
    here = f"/v1/datasets/{api.new_dataset()}/datasource"
    answer = api("PUT", here, DELEGATED | change)
    assert answer.status == 400
    assert "the-external-id" not in answer.data.decode()
    assert api("GET", f"{here}/all").json() == []


def test_a_refusal_never_repeats_what_was_sent(api: Api) -> None:
    here = f"/v1/datasets/{api.new_dataset()}/datasource"
    text = api("PUT", here, S3_INPUT | {"s3SecretAccessKey": ["hunter2-hunter2"], "s3Region": "x"}).data.decode()
    assert "hunter2" not in text
    assert "s3SecretAccessKey" in text


def test_a_run_needs_a_configuration_that_exists(api: Api) -> None:
    here = f"/v1/datasets/{api.new_dataset()}/docker/worker/schedule"
    run = {"configId": UNKNOWN, "priority": "MID"}
    assert refused(api("POST", here, run)) == (404, "DOCKER_WORKER_CONFIG_UNKNOWN")
    config = {"version": "V4", "config": {"workerType": "FULL"}}
    run["configId"] = api("POST", "/v1/docker/worker/config/vX", config).json()["id"]
    assert api("POST", here, run).status == 201
    assert len(api("GET", here, states=["OPEN", "DONE"]).json()) == 1
    assert api("GET", here, state="DONE").json() == []
    assert refused(api("POST", "/v1/docker/worker/config/vX", config | {"version": "V3"})) == (400, "MALFORMED_REQUEST")


def test_verify_without_a_datasource_or_of_another_cloud_is_refused(api: Api) -> None:
    here = f"/v1/datasets/{api.new_dataset()}/datasource"
    assert refused(api("GET", f"{here}/verify")) == (404, "DATASET_DATASOURCE_UNKNOWN")
    azure = {"purpose": "INPUT", "type": "AZURE", "fullPath": "c/x/", "accountName": "a", "accountKey": "k"}
    assert api("PUT", here, azure).status == 200
    assert refused(api("GET", f"{here}/verify")) == (400, "DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED")


def test_of_many_creations_at_once_of_one_name_one_wins(api: Api) -> None:
    def create(name: str) -> int:
        return api("POST", "/v1/datasets", {"name": name}).status

    names = [f"dataset-{number % 5}" for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(create, names))
    assert statuses.count(201) == 5
    assert statuses.count(409) == 35
    assert len(api("GET", "/v1/datasets").json()) == 5


def test_datasources_put_at_once_are_all_there(api: Api) -> None:
    ids = [api.new_dataset(f"dataset-{number}") for number in range(8)]

    def put(task: tuple[str, dict[str, str]]) -> int:
        return api("PUT", f"/v1/datasets/{task[0]}/datasource", task[1]).status

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(put, [(one, source) for one in ids for source in (S3_INPUT, DELEGATED)]))
    assert set(statuses) == {200}
    for one in ids:
        assert len(api("GET", f"/v1/datasets/{one}/datasource/all").json()) == 2
