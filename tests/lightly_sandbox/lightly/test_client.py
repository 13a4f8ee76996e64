"""Lightly's own client 1.5.26 against the local Lightly: what it sends is understood, what it gets fits its models."""

import importlib
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.lightly_sandbox.lightly.caller import TOKEN, Api

PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")


@pytest.fixture
def lightly_api(api: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The client's module, pointed at the local Lightly. It honours proxies, but not NO_PROXY."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", api.url)
    monkeypatch.setenv("LIGHTLY_DID_VERSION_CHECK", "True")  # or the import itself starts a thread with a request
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield importlib.import_module("lightly.api")


@pytest.fixture
def models(lightly_api: ModuleType) -> ModuleType:
    return importlib.import_module("lightly.openapi_generated.swagger_client.models")


@pytest.fixture
def client(lightly_api: ModuleType) -> Any:
    return lightly_api.ApiWorkflowClient(token=TOKEN)


def test_a_dataset_is_created_found_and_deleted(client: Any, models: ModuleType) -> None:
    client.create_dataset("farm-animals", models.DatasetType.VIDEOS)
    created = client.dataset_id
    assert client.dataset_exists(created)
    assert client.dataset_name_exists("farm-animals")
    assert not client.dataset_name_exists("farm")
    assert client.get_dataset_by_id(created).type == "Videos"
    assert [found.id for found in client.get_datasets_by_name("farm-animals")] == [created]
    assert [found.id for found in client.get_all_datasets()] == [created]
    client.delete_dataset_by_id(created)
    assert not client.dataset_exists(created)


def test_a_dataset_is_renamed_to_a_name_that_is_free(client: Any, models: ModuleType) -> None:
    client.create_dataset("farm-animals", models.DatasetType.IMAGES)
    renamed = client.dataset_id
    client.create_dataset("cows", models.DatasetType.IMAGES)
    request = models.DatasetUpdateRequest
    with pytest.raises(Exception, match="exists already"):
        client._datasets_api.update_dataset_by_id(renamed, request(name="cows"))
    client._datasets_api.update_dataset_by_id(renamed, request(name="goats"))
    assert client.get_dataset_by_id(renamed).name == "goats"


def test_a_second_process_finds_the_last_modified_dataset(client: Any, lightly_api: ModuleType) -> None:
    client.create_dataset("first")
    client.create_dataset("second")
    assert lightly_api.ApiWorkflowClient(token=TOKEN).dataset_id == client.dataset_id


def test_datasources_of_each_kind_are_taken_as_the_client_sends_them(client: Any, models: ModuleType) -> None:
    client.create_dataset("kinds")
    into, back = models.DatasourcePurpose.INPUT, models.DatasourcePurpose.LIGHTLY
    client.set_s3_config("s3://bucket/in/", "eu-central-1", "KEY-ID", "a-secret", purpose=into)
    assert client.get_datasource().actual_instance.s3_access_key_id == "KEY-ID"
    role = "arn:aws:iam::123456789012:role/lightly"
    client.set_s3_delegated_access_config("s3://bucket/out/", "eu-central-1", role, "EXT-ID-123456", purpose=back)
    client.set_azure_config("container/in/", "account", "?sp=rl&sig=abc", purpose=into)
    client.set_gcs_config("gs://bucket/out/", "project", '{"type": "service_account"}', purpose=back)
    client.set_obs_config("obs://bucket/in/", "https://obs.example.com", "ID", "KEY", purpose=into)
    client.set_local_config("cam1", purpose=into)
    assert client.get_datasource().actual_instance.web_server_location == "http://localhost:3456"
    assert client.get_datasource().actual_instance.full_path == "cam1"


def test_masked_secrets_still_fit_the_clients_models(api: Api, client: Any, models: ModuleType) -> None:
    client.create_dataset("masked")
    role = "arn:aws:iam::123456789012:role/lightly"
    purpose = models.DatasourcePurpose.INPUT
    client.set_s3_delegated_access_config("s3://bucket/in/", "eu-central-1", role, "EXT-ID-123456", purpose=purpose)
    assert client.get_datasource().actual_instance.s3_external_id == "EXT-ID-123456"
    api.faults({"mask_secrets": True})
    assert client.get_datasource().actual_instance.s3_external_id == "MASKED-BY-LIGHTLY"
    assert client.get_datasource().actual_instance.s3_arn == role


def test_verify_answers_in_the_clients_model_and_says_why(client: Any, models: ModuleType) -> None:
    client.create_dataset("verified")
    purpose = models.DatasourcePurpose.INPUT
    client.set_s3_config("s3://bucket/in/", "eu-central-1", "KEY-ID", "a-secret", purpose=purpose)
    seen = client.list_datasource_permissions()
    assert not any(seen[name] for name in ("can_list", "can_read", "can_write", "can_overwrite"))
    assert set(seen["errors"]) == {"can_list", "can_read", "can_write", "can_overwrite"}
    assert "s3://bucket/in/ as access key KEY-ID" in seen["errors"]["can_list"]


def test_workers_and_runs(client: Any) -> None:
    client.create_dataset("worked")
    worker = client.register_compute_worker(name="Default", labels=["gpu"])
    assert client.register_compute_worker(name="Default") == worker
    assert client.get_compute_worker_ids() == [worker]
    assert client.get_compute_workers()[0].labels == ["gpu"]
    run = client.schedule_compute_worker_run(
        worker_config={
            "datasource": {
                "process_all": True,
                "input_expiration": {"min_days_to_expiration": 3, "handling_strategy": "SKIP"},
            }
        },
        lightly_config={"loader": {"batch_size": 16}, "collate": {"sigmas": [0.1, 2.0]}, "trainer": {"precision": 16}},
        selection_config={
            "n_samples": 10,
            "strategies": [
                {
                    "input": {"type": "EMBEDDINGS"},
                    "strategy": {"type": "DIVERSITY", "stopping_condition_minimum_distance": 0.1},
                },
                {
                    "input": {"type": "METADATA", "key": "a.b"},
                    "strategy": {"type": "THRESHOLD", "threshold": 1, "operation": "BIGGER"},
                },
            ],
        },
        runs_on=["gpu"],
        priority="MID",
    )
    assert [known.id for known in client.get_scheduled_compute_worker_runs()] == [run]


def test_a_wrong_token_is_401_and_an_unknown_dataset_404(lightly_api: ModuleType, client: Any) -> None:
    exceptions = importlib.import_module("lightly.openapi_generated.swagger_client.exceptions")
    with pytest.raises(exceptions.ApiException) as refused:
        lightly_api.ApiWorkflowClient(token="BAD", dataset_id="0" * 24).list_datasource_permissions()
    assert refused.value.status == 401
    assert not client.dataset_exists("0" * 24)


def test_each_error_code_is_one_of_the_clients(models: ModuleType) -> None:
    from lightly_sandbox.lightly.errors import Code

    assert {code.value for code in Code} <= {code.value for code in models.ApiErrorCode}
