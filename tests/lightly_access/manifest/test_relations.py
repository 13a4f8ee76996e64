"""Who may reach what: overlaps within a dataset are warnings, between datasets problems."""

import pytest

from tests.lightly_access.manifest.example import check

COWS, CAM = "datasets.farm-animals", "datasets.dashcam"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("dashcam/", "is the same as datasets.dashcam.input.path ('dashcam/')"),
        ("dashcam/thumbs/", "lies inside datasets.dashcam.input.path ('dashcam/')"),
        ("lightly/dashcam/", "is the same as datasets.dashcam.lightly.path"),
        ("lightly/dashcam/cows/", "lies inside datasets.dashcam.lightly.path"),
    ],
)
def test_a_lightly_path_inside_another_datasets_path_is_a_problem(path: str, words: str) -> None:
    found = check({f"{COWS}.lightly.path": path})
    assert len(found.problems) == 1
    problem = found.problems[0]
    assert problem.where in {f"{COWS}.lightly.path", f"{CAM}.lightly.path"}
    assert words.split(" datasets")[0] in str(problem)


def test_a_lightly_path_around_another_datasets_data_is_a_problem_at_the_one_that_writes() -> None:
    found = check({f"{COWS}.lightly.path": "footage/", f"{CAM}.input.path": "footage/2026/"})
    assert [problem.where for problem in found.problems] == [f"{COWS}.lightly.path"]
    assert "overwrite and delete" in str(found.problems[0])


def test_the_same_directory_of_another_bucket_is_no_overlap() -> None:
    assert check({f"{COWS}.lightly.path": "projects/farm-animals/"}).manifest


def test_a_sibling_whose_name_begins_alike_is_no_overlap() -> None:
    assert check({f"{COWS}.lightly.path": "dashcam-2/"}).manifest


def test_two_datasets_may_read_the_same_data() -> None:
    assert check({f"{CAM}.input.store": "lake", f"{CAM}.input.path": "projects/"}).manifest


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("projects/farm-animals/", "may overwrite and delete the raw data"),
        ("projects/", "contains datasets.farm-animals.input.path"),
        ("projects/farm-animals/.out/", "what Lightly writes lies among the data"),
    ],
)
def test_input_and_lightly_of_one_dataset_in_one_place_are_a_warning(path: str, words: str) -> None:
    found = check({f"{COWS}.lightly.store": "lake", f"{COWS}.lightly.path": path})
    assert found.manifest
    assert [warning.where for warning in found.warnings] == [f"{COWS}.lightly.path"]
    assert words in str(found.warnings[0])
    assert found.manifest.warnings == found.warnings


def test_reading_a_whole_bucket_is_a_warning() -> None:
    found = check({f"{COWS}.input.path": ""})
    assert found.manifest
    assert [str(warning) for warning in found.warnings] == [
        f"{COWS}.input.path: got '', expected a directory\nhint: Lightly will list and read the whole bucket"
    ]


def test_a_store_that_nobody_uses_and_a_manifest_without_datasets_are_warnings() -> None:
    found = check({"datasets": {}})
    assert found.manifest
    assert [warning.where for warning in found.warnings] == ["stores.lake", "stores.results", "datasets"]


def test_a_bucket_is_declared_once() -> None:
    found = check({"stores.lake.bucket": "acme-lightly"})
    assert [problem.where for problem in found.problems] == ["stores.results.bucket"]
    assert "stores.lake is this bucket too; datasets can share a store" in str(found.problems[0])


def test_the_tags_of_a_store_and_the_common_ones_count_together() -> None:
    common, own = ({f"{word}{number}": "" for number in range(30)} for word in "ab")
    found = check({"tags": common, "stores.results.tags": own})
    assert [str(problem) for problem in found.problems] == [
        "stores.results.tags: got a table, expected at most 45 tags, the common ones included"
    ]
    assert check({"tags": common, "stores.results.tags": common}).manifest


def test_overlaps_are_found_whatever_the_number_and_order_of_datasets() -> None:
    def dataset(path: str) -> dict[str, object]:
        side = {"store": "results", "access": "user"}
        return {"type": "images", "input": {**side, "path": f"in/{path}"}, "lightly": {**side, "path": f"out/{path}"}}

    names = [f"n{number:03}" for number in range(200)]
    assert check({"datasets": {name: dataset(f"{name}/") for name in names}}).manifest
    found = check({"datasets": {name: dataset(f"{name}/") for name in [*names]} | {"odd": dataset("n077/x/y/")}})
    assert [problem.where for problem in found.problems] == ["datasets.odd.lightly.path"]


def test_a_bare_date_is_no_text_wherever_it_stands_and_whoever_read_it() -> None:
    given = "2026-01-01 00:00:00 +0000 UTC"  # what Pulumi gives to a program, and what our reader makes of it
    new = {"type": "images", "input": {"store": "lake", "path": given, "access": "user", "rotate_anchor": given}}
    found = check({f"datasets.{given}": new, "tags": {"since": given}})
    hints = {problem.path: problem.hint for problem in found.problems}
    for where in (("datasets", given), ("datasets", given, "input", "path"), ("tags", "since")):
        assert hints[where] == "put it in quotes: '2026-01-01'"
    assert ("datasets", given, "input", "rotate_anchor") not in hints
