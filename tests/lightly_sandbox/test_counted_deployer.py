"""What deployers of Azure and Google Cloud are said to need is what the local clouds counted, no more and no less."""

import pytest
from lightly_access.kinds.gcs.deployer_permissions import of_buckets, of_project
from lightly_access.manifest import Manifest
from lightly_policies.deployer_needs import AZURE, AZURE_DATA, GOOGLE, needed
from lightly_policies.deployer_roles import DELEGATES, SIGNED_BY

from tests.lightly_sandbox.counted_deployer import LIVES, PROJECT

_OPENED = ("every store", "access: sas", "sas: user_delegation", "directories")
"""What is said of a container that exists, in the words of the table."""
NEEDED = {
    "gcs": {need.permission for need in GOOGLE},
    "azure": {*(need.permission for need in (*AZURE, *AZURE_DATA)), DELEGATES, *SIGNED_BY["LIGHTLY"]},
    "azure, adopted": {
        *(need.permission for table in (AZURE, AZURE_DATA) for need in needed(table, _OPENED)),
        *(DELEGATES, *SIGNED_BY["INPUT"]),
    },
}


@pytest.mark.parametrize("name", NEEDED)
def test_the_tables_are_what_was_counted(name: str) -> None:
    assert LIVES[name].asked() == NEEDED[name]


def test_what_google_cloud_is_asked_for_an_adopted_bucket_is_what_the_manifest_says() -> None:
    life = LIVES["gcs, adopted"]
    manifest = Manifest.parse(life.config())
    said = {*of_project(manifest, PROJECT, None), *of_buckets(manifest, PROJECT, None)["acme-frames"]}
    assert life.asked() == said
