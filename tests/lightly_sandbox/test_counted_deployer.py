"""What deployers of Azure and Google Cloud are said to need is what the local clouds counted, no more and no less."""

from lightly_policies.deployer_needs import AZURE, AZURE_DATA, GOOGLE

from tests.lightly_sandbox.counted_deployer import asked


def test_what_google_cloud_counted() -> None:
    assert asked("gcs") == {need.permission for need in GOOGLE}


def test_what_azure_counted() -> None:
    assert asked("azure") == {need.permission for need in (*AZURE, *AZURE_DATA)}
