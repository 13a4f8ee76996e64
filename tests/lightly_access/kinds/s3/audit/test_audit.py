"""`lightly-access audit` whole, over a local Lightly and a local AWS: what was made by hand, read and evaluated."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_access.kinds.s3.audit.public_access import ALL, at_one_host
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import check_path
from lightly_policies.render_aws import aws_grant, aws_trust
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.lightly.app import App

from tests.lightly_access.audit.clouds import NONCE, TOKEN, Lightly, delegated, environment, run, user
from tests.lightly_access.kinds.s3.audit.example import STRONG
from tests.lightly_sandbox.kinds.conftest import control
from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, Keys, allow, policy, statement
from tests.lightly_sandbox.kinds.s3.emulator.conftest import aws, server
from tests.lightly_sandbox.lightly.caller import NOWHERE

__all__ = ["aws", "control", "server"]
PATH = "projects/farm-animals/"


@pytest.fixture
def lightly(aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Lightly]:
    monkeypatch.chdir(tmp_path)
    with listening(App(NONCE, TOKEN, NOWHERE)) as url:
        item = Lightly(url)
        for name, value in environment(item, aws):
            monkeypatch.setenv(name, value)
        yield item


def as_documented(aws: Aws, lightly: Lightly) -> str:
    """A dataset as Lightly's pages say: a role on the whole bucket, a user with s3:*, an ID that can be guessed."""
    bucket, name = aws.bucket(), f"herd-{uuid.uuid4().hex[:6]}"
    whole = allow(
        ["s3:GetObject", "s3:DeleteObject", "s3:PutObject", "s3:ListBucket"],
        [f"arn:aws:s3:::{bucket}/*", f"arn:aws:s3:::{bucket}"],
    )
    role = aws.role(aws_trust("lightly-123"), whole)
    key = aws.user(allow("s3:*", f"arn:aws:s3:::{bucket}/{PATH}*"))
    lightly.dataset(
        name,
        delegated("INPUT", f"s3://{bucket}/{PATH}", role, "lightly-123"),
        user("LIGHTLY", f"s3://{bucket}/{PATH}", key.id, key.secret),
    )
    return name


def right(aws: Aws, lightly: Lightly, name: str = "") -> str:
    """A dataset of two roles that are as they should be."""
    bucket, name = aws.bucket(), name or f"herd-{uuid.uuid4().hex[:6]}"
    sources = []
    for purpose in ("INPUT", "LIGHTLY"):
        external_id = f"{STRONG}{purpose}{name}"
        grant = aws_grant(purpose, bucket, PATH, region=REGION)
        role = aws.role(aws_trust(external_id), grant, what=f"right-{purpose}-{name}", MaxSessionDuration=43200)
        sources.append(delegated(purpose, f"s3://{bucket}/{PATH}", role, external_id))
    lightly.dataset(name, *sources)
    return name


def stack_text(document: dict[str, Any]) -> str:
    """The stack file that the printed lines and `pulumi config set --secret` make."""
    secrets = "".join(f"  {key}: {{secure: v1:bm9uY2U=:c2VjcmV0}}\n" for key in document["manifest"]["secrets"])
    return f"config:\n{document['manifest']['text']}{secrets}"


def rules(document: dict[str, Any]) -> Counter[tuple[str, str]]:
    return Counter((finding["purpose"], finding["rule"]) for finding in document["findings"])


def test_what_was_made_as_documented_is_evaluated_and_no_secret_is_shown(aws: Aws, lightly: Lightly) -> None:
    name = as_documented(aws, lightly)
    ended = run(name, "--json")
    document = json.loads(ended.output)
    assert ended.exit_code == 1
    assert set(rules(document)) == {
        ("INPUT", "session-length"),
        ("INPUT", "external-id-weak"),
        ("INPUT", "input-writes"),
        ("INPUT", "whole-bucket"),
        ("INPUT", "lists-whole-bucket"),
        ("INPUT", "extra-action"),
        ("LIGHTLY", "all-of-service"),
        ("LIGHTLY", "policy-on-user"),
        ("LIGHTLY", "missing-list"),
    }
    severities = [finding["severity"] for finding in document["findings"]]
    assert severities == sorted(severities, key=["critical", "high", "medium", "low"].index)
    assert document["unread"] == []
    shown = run(name).output
    for text in (ended.output, shown):
        assert "lightly-123" not in text
        assert TOKEN not in text


def test_what_is_right_has_no_finding_and_exit_code_0(aws: Aws, lightly: Lightly) -> None:
    name = right(aws, lightly)
    ended = run(name)
    assert ended.exit_code == 0, ended.output
    assert "nothing is too wide, too weak or missing" in ended.output


def test_it_only_reads(aws: Aws, lightly: Lightly, control: Callable[..., Any]) -> None:
    name = as_documented(aws, lightly)
    before = Counter(control("GET", "/calls")["by_action"])
    run(name)
    made = Counter(control("GET", "/calls")["by_action"]) - before
    assert made["iam:GetRole"] == 1
    assert [item for item in made if not item.partition(":")[2].startswith(("Get", "List"))] == []


def test_what_may_not_be_read_is_named_with_its_right_and_the_rest_goes_on(
    aws: Aws, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = as_documented(aws, lightly)
    few: Keys = aws.user(allow(["iam:GetAccessKeyLastUsed", "iam:ListUserPolicies", "iam:GetUserPolicy"]), what="few")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", few.id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", few.secret)
    ended = run(name, "--json")
    document = json.loads(ended.output)
    assert ended.exit_code == 1
    needs = {item["needs"] for item in document["unread"]}
    assert {
        "iam:GetRole",
        "iam:ListRolePolicies",
        "iam:GetUser",
        "iam:ListGroupsForUser",
        "s3:GetBucketPolicy",
    } <= needs
    assert {item["reason"] for item in document["unread"]} == {"AccessDenied"}
    assert ("LIGHTLY", "all-of-service") in rules(document)
    assert not [rule for _, rule in rules(document) if rule.startswith("missing")]


def test_a_shared_external_id_is_found_between_roles_and_between_datasets(aws: Aws, lightly: Lightly) -> None:
    first, second = aws.bucket(what="one"), aws.bucket(what="two")
    shared = f"{STRONG}{uuid.uuid4().hex}"
    names = []
    for bucket in (first, second):
        grant = aws_grant("INPUT", bucket, PATH, region=REGION)
        role = aws.role(aws_trust(shared), grant, what=bucket, MaxSessionDuration=43200)
        names.append(f"of-{bucket}")
        lightly.dataset(names[-1], delegated("INPUT", f"s3://{bucket}/{PATH}", role, shared))
    document = json.loads(run(names[0], "--json").output)
    said = [finding["what"] for finding in document["findings"] if finding["rule"] == "external-id-shared"]
    assert any(names[1] in text for text in said)
    assert any(aws.name(second) in text for text in said)
    assert "external-id-shared" not in {
        finding["rule"] for finding in json.loads(run(right(aws, lightly), "--json").output)["findings"]
    }


def test_one_role_for_both_purposes_is_named_once(aws: Aws, lightly: Lightly) -> None:
    bucket = aws.bucket()
    role = aws.role(aws_trust(STRONG), aws_grant("LIGHTLY", bucket, PATH, region=REGION), MaxSessionDuration=43200)
    sources = [delegated(word, f"s3://{bucket}/{PATH}", role, STRONG) for word in ("INPUT", "LIGHTLY")]
    lightly.dataset("one-role", *sources)
    found = rules(json.loads(run("one-role", "--json").output))
    assert found["", "shared-identity"] == 1
    assert found["INPUT", "input-writes"] == 1


def test_a_role_that_is_gone_is_said_so(aws: Aws, lightly: Lightly) -> None:
    gone = f"arn:aws:iam::{aws.accounts['customer']['account']}:role/gone"
    lightly.dataset("gone", delegated("INPUT", "s3://acme/cows/", gone, STRONG))
    ended = run("gone", "--json")
    unreadable = {item["what"]: item["reason"] for item in json.loads(ended.output)["unread"]}
    assert ended.exit_code == 1
    assert unreadable["role gone"] == "it is not there (NoSuchEntity)"
    assert "the LIGHTLY datasource" in unreadable


def test_the_manifest_that_it_prints_adopts_the_dataset_and_is_right(
    aws: Aws, lightly: Lightly, tmp_path: Path
) -> None:
    name = as_documented(aws, lightly)
    document = json.loads(run(name, "--json").output)
    stack = tmp_path / "Pulumi.adopted.yaml"
    stack.write_text(stack_text(document))
    checked = check_path(stack)
    assert checked.problems == ()
    manifest = checked.manifest
    assert isinstance(manifest, Manifest)
    dataset = manifest.datasets[name]
    assert (dataset.adopt, dataset.input.made_elsewhere, dataset.lightly.made_elsewhere) == (True, True, True)
    assert dataset.input.role_arn == document["datasources"][0]["identity"]
    assert set(document["manifest"]["secrets"]) == {f"lightly-keys:{name}-input", f"lightly-keys:{name}-lightly"}


def test_a_manifest_that_declares_something_else_is_named(aws: Aws, lightly: Lightly, tmp_path: Path) -> None:
    name = right(aws, lightly)
    text = stack_text(json.loads(run(name, "--json").output))
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    stack = tmp_path / "Pulumi.prod.yaml"
    stack.write_text(text)
    assert run(name, "--stack", "prod").exit_code == 0
    stack.write_text(text.replace(PATH, "elsewhere/"))
    said = json.loads(run(name, "--stack", "prod", "--json").output)["findings"]
    assert {item["rule"] for item in said} == {"declared-path"}


def test_a_dataset_that_lightly_does_not_have_is_exit_code_2(lightly: Lightly) -> None:
    lightly.dataset("farm-animals")
    ended = run("farm-animal", "--json")
    assert ended.exit_code == 2
    assert "has none of this name\nhint: did you mean 'farm-animals'?" in json.loads(ended.output)["error"]


def test_without_a_token_it_says_so(lightly: Lightly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGHTLY_TOKEN", "")
    assert run("cows").exit_code == 2


def test_without_a_login_one_line_says_so_for_both_purposes(
    aws: Aws, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = as_documented(aws, lightly)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    (unread,) = json.loads(run(name, "--json").output)["unread"]
    assert (unread["what"], unread["reason"], unread["purpose"]) == (
        "anything of AWS",
        "NoCredentialsError",
        "INPUT, LIGHTLY",
    )
    assert "aws sso login" in unread["needs"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert len(json.loads(run(name, "--json").output)["unread"]) == 1


def test_the_settings_of_the_bucket_are_read(aws: Aws, lightly: Lightly) -> None:
    name = right(aws, lightly)
    bucket = lightly_bucket(run(name, "--json").output)
    key = f"arn:aws:kms:{REGION}:{aws.accounts['customer']['account']}:key/11111111-2222-3333-4444-555555555555"
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    aws.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
    aws.client("s3").delete_public_access_block(Bucket=bucket)
    document = json.loads(run(name, "--json").output)
    assert {rule for _, rule in rules(document)} == {"kms-not-registered", "public-possible"}
    assert any(f"`kms_key: {key}`" in finding["fix"] for finding in document["findings"])


def test_a_bucket_that_its_account_keeps_private_is_no_finding(aws: Aws, lightly: Lightly) -> None:
    name, account = right(aws, lightly), aws.accounts["customer"]["account"]
    bucket = lightly_bucket(run(name, "--json").output)
    some = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    s3, control = aws.client("s3"), at_one_host(aws.client("s3control"), account)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=some)

    def found() -> set[str]:
        document = json.loads(run(name, "--json").output)
        assert document["unread"] == []
        return {rule for _, rule in rules(document)}

    assert found() == {"public-possible"}, "by neither"
    try:
        for flags, expected in ((some, {"public-possible"}), (dict.fromkeys(ALL - some.keys(), True), set())):
            control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=flags)
            assert found() == expected
    finally:
        control.delete_public_access_block(AccountId=account)


def test_where_the_account_does_not_say_it_nothing_is_claimed(
    aws: Aws, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = right(aws, lightly)
    bucket = lightly_bucket(run(name, "--json").output)
    aws.client("s3").delete_public_access_block(Bucket=bucket)
    few = [statement("Allow", ["s3:Get*", "iam:Get*", "iam:List*"], "*")]
    few += [statement("Deny", "s3:GetAccountPublicAccessBlock", "*")]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", (login := aws.user(policy(*few), what="few")).id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", login.secret)
    document = json.loads(run(name, "--json").output)
    assert rules(document) == {}
    (unread,) = document["unread"]
    assert (unread["needs"], unread["reason"]) == ("s3:GetAccountPublicAccessBlock", "AccessDenied")
    assert unread["what"] == f"the public access block of the account of bucket {bucket}"


def test_the_block_of_another_account_is_not_taken_for_the_buckets(
    aws: Aws, lightly: Lightly, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = right(aws, lightly)
    bucket = lightly_bucket(run(name, "--json").output)
    s3, other = aws.client("s3"), aws.admin("lightly")
    reading = {"Principal": {"AWS": f"arn:aws:iam::{aws.accounts['lightly']['account']}:root"}}
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=policy(statement("Allow", ["s3:GetBucket*", "s3:GetEnc*"], f"arn:aws:s3:::{bucket}", **reading)),
    )
    s3.delete_public_access_block(Bucket=bucket)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", other.id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", other.secret)
    document = json.loads(run(name, "--json").output)
    assert "public-possible" not in {rule for _, rule in rules(document)}
    needs = {item["what"]: item["needs"] for item in document["unread"]}
    assert needs[f"the public access block of the account of bucket {bucket}"] == (
        "a login of the account that has the bucket"
    )


def lightly_bucket(output: str) -> str:
    return str(json.loads(output)["datasources"][0]["path"]).split("/")[2]


def test_of_a_dataset_without_datasources_no_manifest_is_printed(lightly: Lightly) -> None:
    lightly.dataset("bare")
    assert json.loads(run("bare", "--json").output)["manifest"] == {"text": "", "secrets": {}}
    shown = run("bare").output
    assert "there is nothing to adopt" in shown
    assert "config:" not in shown


def test_of_a_dataset_with_one_datasource_the_manifest_says_what_it_lacks(aws: Aws, lightly: Lightly) -> None:
    bucket = aws.bucket()
    role = aws.role(aws_trust(STRONG), aws_grant("INPUT", bucket, PATH, region=REGION), MaxSessionDuration=43200)
    lightly.dataset("half", delegated("INPUT", f"s3://{bucket}/{PATH}", role, STRONG))
    assert "# lightly: Lightly has none yet" in json.loads(run("half", "--json").output)["manifest"]["text"]


@pytest.mark.parametrize("registered", ["eu-west-1", "us-east-1"])
def test_a_wrong_region_is_found_where_boto3_would_follow_and_the_rest_is_read(
    aws: Aws, lightly: Lightly, registered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "botocore.utils.S3RegionRedirectorv2.get_bucket_region", lambda *_, **__: asked.append("followed")
    )
    bucket, external_id = aws.bucket(), f"{STRONG}{uuid.uuid4().hex}"
    grant = aws_grant("INPUT", bucket, PATH, region=REGION)
    name = f"herd-{uuid.uuid4().hex[:6]}"
    role = aws.role(aws_trust(external_id), grant, what=name, MaxSessionDuration=43200)
    source = delegated("INPUT", f"s3://{bucket}/{PATH}", role, external_id)
    lightly.dataset(name, {**source, "s3Region": registered})
    document = json.loads(run(name, "--json").output)
    (found,) = (each for each in document["findings"] if each["rule"] == "wrong-region")
    assert (found["severity"], found["what"]) == ("high", f"it is in {REGION}, and {registered} is registered")
    assert f"`region: {REGION}`" in found["fix"]
    assert (asked, [each for each in document["unread"] if each["purpose"] == "INPUT"]) == ([], [])
