"""One key is written and not one other character changes, whatever the file looks like; or it is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.manifest.dataset_entry import NoEntryError, dataset_entry
from lightly_access.manifest.yaml_edit import NotEditableError, edit, with_key
from lightly_access.manifest.yaml_text import read

WHERE = ("datasets", "cows", "lightly")
COMMENT = st.sampled_from(["", " # why", '  # \'odd: "#" {]', "\t# tab"])
OWN_LINE = st.sampled_from(["", "# a line", "   # further in", "\n"])
VALUES = [
    "a",
    "'a b'",
    '"a: \\"b\\""',
    "[1, {b: c}]",
    "{b: c}",
    "",
    "&x y",
    "a\n{}  b",
    '"a\n{}  b"',
    "|\n{}  a\n{}  b",
    ">-\n{}  a",
]
FLOW_VALUES = [value for value in VALUES if "\n" not in value and value]
TEXTS = st.sampled_from(["now", "2026-11-28T23:46:00Z", "it's", 'a "b"', "a: b # c", "", "ü\u2028"])
OLD = ["old", "'old'", '"old"', "", "&z old", "2", "|\n{}  old"]


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """A manifest with the datasource in one of the forms that YAML has for it."""
    keys = draw(st.lists(st.sampled_from("fghijk"), max_size=4, unique=True))
    key = draw(st.sampled_from(["{}", "'{}'", '"{}"']))
    anchor = draw(st.sampled_from(["", "&l "]))
    has = draw(st.booleans())
    if draw(st.booleans()) or not (keys or has):
        entries = [f"{key.format(each)}: {draw(st.sampled_from(FLOW_VALUES))}" for each in keys]
        entries += [f"rotate_now: {draw(st.sampled_from(['old', chr(39) + 'old' + chr(39)]))}"] if has else []
        joint, end = draw(
            st.sampled_from([(", ", ""), (",\n      ", ""), (", # c\n      ", " # d\n      "), (", ", ",")])
        )
        own = f" {anchor}{{{joint.join(entries)}{end if entries else ''}}}{draw(COMMENT)}\n"
    else:
        indent = " " * draw(st.integers(5, 8))
        lines = [f"{key.format(each)}: {draw(st.sampled_from(VALUES)).replace('{}', indent)}" for each in keys]
        lines += [f"rotate_now: {draw(st.sampled_from(OLD)).replace('{}', indent)}"] if has else []
        own = f" {anchor.rstrip()}{draw(COMMENT)}\n"
        for line in draw(st.permutations(lines)):
            block = line.rstrip("ab ").endswith((" |", ">-")) or "|\n" in line or ">-\n" in line
            own += f"{indent}{line}{'' if block or chr(10) in line else draw(COMMENT)}\n"
            below = draw(OWN_LINE)
            own += f"{indent}{below}\n" if below.strip() and not block else ""
    before = draw(st.sampled_from(["", "    input: {store: a} # x\n", "    type: images\n\n"]))
    after = draw(st.sampled_from(["", "  # the end\n", "  bees: {input: {store: b}}\n", "\n\n"]))
    text = f"datasets: # all\n  cows:\n{before}    lightly:{own}{after}"
    if draw(st.booleans()):
        text = text.rstrip("\n") if not text.endswith(("|\n", "\n\n")) else text
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "\ufeff"])) + text


@given(layouts(), TEXTS)
def test_nothing_but_the_key_changes(text: str, value: str) -> None:
    known = read(text.removeprefix("\ufeff"), "f.yaml")
    if known.problems:
        return  # such a file is refused before anybody writes to it
    written = with_key(text, WHERE, "rotate_now", value)
    again = read(written.removeprefix("\ufeff"), "f.yaml")
    assert not again.problems
    assert isinstance(known.value, dict)
    known.value["datasets"]["cows"]["lightly"]["rotate_now"] = value
    assert again.value == known.value
    assert with_key(written, WHERE, "rotate_now", value) == written
    gone, come = _difference(text, written)
    assert come.count("\n") <= ("rotate_now" not in text), "one line more at most"
    assert len(come) <= len(f", \r\n        rotate_now: {value!r}") + 20
    assert not gone if "rotate_now" not in text else len(gone) <= len("|\r\n          old")
    assert ("\r\n" in written) == ("\r\n" in text or ("\n" not in text and "\r\n" in written))
    assert written.replace("\r\n", "").count("\n") == (0 if "\r\n" in text else written.count("\n"))


def _difference(old: str, new: str) -> tuple[str, str]:
    """What is gone and what has come between the longest common begin and the longest common end."""
    start = len(_common(old, new))
    end = len(_common(old[start:][::-1], new[start:][::-1]))
    return old[start : len(old) - end], new[start : len(new) - end]


def _common(one: str, other: str) -> str:
    return one[
        : next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    ]


def test_the_property_is_tried_on_files_without_problems() -> None:
    seen: list[bool] = []
    given(layouts())(lambda text: seen.append(not read(text.removeprefix("\ufeff"), "f.yaml").problems))()
    assert sum(seen) > len(seen) / 3 > 10


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("base: &b {store: a}\ndatasets:\n  cows: {lightly: *b}\n", "it is written as *b"),
        (
            "base: &b {lightly: {store: a}}\ndatasets:\n  cows: {<<: *b}\n",
            "lightly comes from somewhere else through <<",
        ),
        ("datasets:\n  cows: &c {lightly: {store: a}}\n  bees: *c\n", "other values of the file would change"),
        ("datasets:\n  cows: {lightly: {store: a, rotate_now: &n x}}\n  bees: *n\n", "other values of the file"),
        ("datasets: {cows: {}}\n", "it is not a table of its own there"),
        ("datasets: {cows: {lightly: text}}\n", "it is not a table of its own there"),
    ],
)
def test_what_others_share_is_refused_with_the_line_to_write(text: str, why: str) -> None:
    with pytest.raises(NotEditableError, match=r"hint: write it by hand: `rotate_now: now`") as refused:
        with_key(text, WHERE, "rotate_now", "now", "f.yaml")
    assert why in str(refused.value)


def test_a_key_of_an_alias_of_its_own_is_written_over_what_is_merged() -> None:
    text = "base: &b {store: a, rotate_now: x}\ndatasets:\n  cows:\n    lightly:\n      <<: *b\n"
    assert with_key(text, WHERE, "rotate_now", "now").endswith("      <<: *b\n      rotate_now: now\n")


def test_a_file_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    (real := tmp_path / "real.yaml").write_text("datasets: {cows: {type: images}}\n")
    real.chmod(0o640)
    (link := tmp_path / "link.yaml").symlink_to(real)
    changed = edit(link, ("datasets", "cows"), "revoked", True)
    changed.write()
    assert link.is_symlink()
    assert real.read_text() == "datasets: {cows: {type: images, revoked: true}}\n"
    assert real.stat().st_mode & 0o777 == 0o640
    with pytest.raises(OSError, match="changed by somebody else"):
        changed.write()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


PLACES = {
    "stack": ("Pulumi.prod.yaml", "config:\n  lightly-access:datasets: {cows: {type: images}}\n", "", 3),
    "stack, long key": ("Pulumi.prod.yaml", "config:\n  lightly-access:config:datasets: {cows: {}}\n", "", 3),
    "stack, bare key": ("Pulumi.prod.yaml", "config:\n  datasets: {cows: {}}\n", "name: lightly-access\n", 3),
    "project": ("Pulumi.yaml", "config: {}\n", "config:\n  lightly-access:datasets: {value: {cows: {}}}\n", 4),
    "folder": ("m/a/cows.yaml", "config: {lightly-access:manifest: m}\n", "", 2),
}


@pytest.mark.parametrize("where", PLACES)
def test_a_dataset_is_found_wherever_pulumi_takes_it_from(where: str, tmp_path: Path) -> None:
    name, text, project, depth = PLACES[where]
    (tmp_path / "Pulumi.yaml").write_text(project if "name" in project else f"name: farm\n{project}")
    (stack := tmp_path / "Pulumi.prod.yaml").write_text(text)
    if where == "folder":
        (tmp_path / "m" / "a").mkdir(parents=True)
        (tmp_path / name).write_text("datasets: {cows: {}}\n")
    found = dataset_entry(stack, "cows")
    assert (found.file, len(found.table)) == (tmp_path / name, depth)
    assert edit(found.file, found.table, "revoked", True).after.count("revoked: true") == 1


def test_what_stands_in_one_text_cannot_be_written_to(tmp_path: Path) -> None:
    (stack := tmp_path / "Pulumi.prod.yaml").write_text("config:\n  lightly-access:datasets: '{\"cows\": {}}'\n")
    with pytest.raises(NoEntryError, match="hint: write the key by hand"):
        dataset_entry(stack, "cows")
