"""Whose error is it, between datasources of Azure, Google Cloud and AWS?"""

import pytest
from lightly_access.kinds.registry import verified_access
from lightly_access.kinds.verified import VerifiedAccess
from lightly_core.capability import Purpose
from lightly_provider.verification.attribution import attribute

S3 = verified_access("s3", "delegated", "s3://results/cows/", "arn:aws:iam::123456789012:role/lightly/cows")
AZURE = verified_access("azure", "sas", "azure://acmephotos/data/cows/", "acmephotos/data/lightly-a")
GCS = verified_access("gcs", "service_account", "gs://acme-frames/cows/", "cows-in@acme-ml.iam.gserviceaccount.com")
OTHER = verified_access("gcs", "service_account", "gs://acme-frames/out/", "cows-out@acme-ml.iam.gserviceaccount.com")
MISMATCH = "AuthorizationPermissionMismatch: This request is not authorized to perform this operation using this "


@pytest.mark.parametrize(
    ("error", "input_", "lightly", "whose"),
    [
        (f"{MISMATCH}permission.", AZURE, S3, Purpose.INPUT),
        (f"{MISMATCH}permission.", GCS, AZURE, Purpose.LIGHTLY),
        ("is not authorized to perform: s3:ListBucket on resource", AZURE, S3, Purpose.LIGHTLY),
        ("invalid_grant: Invalid JWT Signature.", GCS, S3, Purpose.INPUT),
        (f"{GCS.identity} does not have storage.objects.list access to acme-frames.", GCS, OTHER, Purpose.INPUT),
        (f"denied to {OTHER.identity}.", GCS, OTHER, Purpose.LIGHTLY),
        ("storage.objects.get denied on projects/_/buckets/acme-frames/objects/out/a.png", GCS, OTHER, Purpose.LIGHTLY),
    ],
)
def test_the_words_or_a_name_tell(error: str, input_: VerifiedAccess, lightly: VerifiedAccess, whose: Purpose) -> None:
    found = attribute(error, {Purpose.INPUT: input_, Purpose.LIGHTLY: lightly})
    assert found.purposes == (whose,)
    assert found.certain


def test_an_email_that_is_the_end_or_start_of_another_is_not_meant() -> None:
    short = verified_access(
        "gcs", "service_account", "gs://acme-frames/a/", "in@acme-ml.iam.gserviceaccount.com.example"
    )
    found = attribute(f"{short.identity} does not have", {Purpose.INPUT: short, Purpose.LIGHTLY: OTHER})
    assert found.purposes == (Purpose.INPUT,)


def test_of_two_containers_the_url_tells_and_a_containers_name_in_a_sentence_does_not() -> None:
    other = verified_access("azure", "sas", "azure://acmephotos/lightly/cows/", "acmephotos/lightly/lightly-b")
    both = {Purpose.INPUT: AZURE, Purpose.LIGHTLY: other}
    url = "https://acmephotos.blob.core.windows.net/lightly/cows/a.png: 403"
    assert attribute(url, both).purposes == (Purpose.LIGHTLY,)
    assert attribute("https://acmephotos.blob.core.windows.net/data?restype=container", both).purposes == (
        Purpose.INPUT,
    )
    words = attribute("the data of lightly could not be listed", both)
    assert words.purposes == (Purpose.INPUT, Purpose.LIGHTLY)
    assert not words.certain


def test_of_two_accounts_the_host_tells() -> None:
    other = verified_access("azure", "sas", "azure://acmephotos2/data/cows/", "acmephotos2/data/lightly-b")
    both = {Purpose.INPUT: AZURE, Purpose.LIGHTLY: other}
    assert attribute("failed to lookup acmephotos2.blob.core.windows.net", both).purposes == (Purpose.LIGHTLY,)
    assert attribute("failed to lookup acmephotos.blob.core.windows.net", both).purposes == (Purpose.INPUT,)


def test_words_that_two_clouds_use_tell_nothing() -> None:
    found = attribute("AccessDenied", {Purpose.INPUT: GCS, Purpose.LIGHTLY: S3})
    assert not found.certain
