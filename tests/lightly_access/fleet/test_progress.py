"""What is said of a fleet's shards while they run."""

from lightly_access.fleet.progress import Progress


def test_each_shard_that_runs_says_how_far_it_has_come_and_since_when() -> None:
    progress = Progress(4)
    assert list(progress.lines(0)) == ["4 shards wait"]
    for number, at in ((1, 0.0), (2, 10.0)):
        progress.begins(f"prod-shard-{number}", at)
    progress.comes("prod-shard-2", 3, 40, "datasets")
    assert list(progress.lines(71.6)) == [
        "prod-shard-1  running  72 s",
        "prod-shard-2  running  3 of 40 datasets  62 s",
        "2 shards wait",
    ]
    progress.comes("prod-shard-1", 7, 0, "resources")
    assert next(progress.lines(72)) == "prod-shard-1  running  7 resources  72 s", "nobody knows of how many"
    progress.ends("prod-shard-1")
    progress.ends("prod-shard-3")  # not run
    assert list(progress.lines(71)) == ["prod-shard-2  running  3 of 40 datasets  61 s", "1 shard waits"]


def test_what_comes_of_a_shard_that_has_ended_is_not_shown() -> None:
    progress = Progress(1)
    progress.begins("a", 0)
    progress.ends("a")
    progress.comes("a", 1, 2, "resources")
    assert list(progress.lines(1)) == []
