"""The line that starts the worker: exactly what Lightly's pages have, quoted for a shell, without the token."""

import shlex

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.local import names as local_names
from lightly_access.worker_command import Worker, mount_option, mount_proof
from lightly_core.capability import Purpose


def test_a_local_dataset() -> None:
    worker = Worker("/home/user/datasets", "/home/user/lightly", worker_id="64f1c0ffee64f1c0ffee64f1")
    assert worker.line() == (
        "docker run --shm-size=1024m \\\n"
        "  --gpus all \\\n"
        "  --rm -it \\\n"
        "  -v /home/user/datasets:/input_mount:ro \\\n"
        "  -v /home/user/lightly:/lightly_mount \\\n"
        "  -e LIGHTLY_TOKEN \\\n"
        "  -e LIGHTLY_WORKER_ID=64f1c0ffee64f1c0ffee64f1 \\\n"
        "  lightly/worker:latest"
    )


def test_a_dataset_in_a_cloud_needs_no_mount() -> None:
    assert shlex.split(Worker(gpus=False, passed=("LIGHTLY_SERVER_LOCATION",)).line().replace("\\\n", "")) == [
        *("docker", "run", "--shm-size=1024m", "--rm", "-it"),
        *("-e", "LIGHTLY_TOKEN", "-e", "LIGHTLY_WORKER_ID", "-e", "LIGHTLY_SERVER_LOCATION"),
        "lightly/worker:latest",
    ]


@given(folder=st.text(min_size=1).map(lambda text: f"/{text}").filter(lambda text: not local_names.mount_folder(text)))
def test_whatever_the_folder_is_called_a_shell_hands_it_to_docker_as_one_word(folder: str) -> None:
    words = shlex.split(Worker(folder, folder).line().replace(" \\\n", " "))
    assert words[words.index("-v") + 1] == f"{folder}:/input_mount:ro"
    assert f"{folder}:/lightly_mount" in words


def test_the_proof_is_read_from_the_option_itself() -> None:
    assert not mount_proof(mount_option(Purpose.INPUT, "/data"))["write"]
    assert mount_proof(mount_option(Purpose.LIGHTLY, "/data"))["write"]
    assert mount_proof("/data:/input_mount")["overwrite"]  # somebody forgot ro: the proof says so
    assert not mount_proof("/data:/input_mount:ro,z".replace(",", ":"))["delete"]
