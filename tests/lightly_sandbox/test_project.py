"""A project is read for a rehearsal as Pulumi reads it for a deployment."""

from pathlib import Path

from lightly_sandbox.deployer.project import Project


def test_a_stack_s_file_says_what_it_says_to_pulumi(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("\ufeffname: no\nruntime: python\n", encoding="utf-8")
    config = "config:\n  p:word: no\n  p:time: 12:30:45\n  p:large: 1e3\n  p:text: kühe\n"
    (tmp_path / "Pulumi.prod.yaml").write_text(config, encoding="utf-8")
    project = Project.load(tmp_path, "prod")
    assert project.name == "no"
    assert project.config == {"p:word": "no", "p:time": "12:30:45", "p:large": 1000, "p:text": "kühe"}
    (tmp_path / "Pulumi.empty.yaml").write_text("")
    assert Project.load(tmp_path, "empty").config == {}
