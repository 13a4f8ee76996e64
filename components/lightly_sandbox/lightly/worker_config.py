"""The configuration of a worker run, version 4: the one that the client 1.5.26 sends.

Source: lightly 1.5.26, `openapi_generated/swagger_client/models/docker_worker_config_omni_v4_create_request.py` and
all it refers to. Versions 2 and 3 exist in the real API and are refused here by name.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, field_validator

from lightly_sandbox.lightly.models import Creator
from lightly_sandbox.lightly.wire import (
    Above,
    Amount,
    Count,
    CountOrAll,
    Filled,
    Message,
    ObjectId,
    Part,
    TagName,
    TaskName,
)


class InputExpiration(Message):
    """What to do with objects that a lifecycle rule is about to remove."""

    min_days_to_expiration: Amount
    handling_strategy: Literal["SKIP", "ABORT"]


class WorkerDatasource(Message):
    """How a run treats the dataset's datasource; `bypass_verify` skips the check at the start of a run."""

    bypass_verify: bool | None = None
    enable_datapool_update: bool | None = None
    process_all: bool | None = None
    input_expiration: InputExpiration | None = None


class CorruptnessCheck(Message):
    """How many corrupt inputs a run bears."""

    corruption_threshold: Part | None = None


class Crops(Message):
    NULLABLE = frozenset({"enable_upload_for_tasks"})

    enable_upload: bool | None = None
    enable_upload_for_tasks: tuple[str, ...] | None = None


class Training(Message):
    """The task that a run trains on."""

    task_name: TaskName | None = None


class Docker(Message):
    checkpoint: str | None = None
    checkpoint_run_id: ObjectId | None = None
    corruptness_check: CorruptnessCheck | None = None
    datasource: WorkerDatasource | None = None
    crops: Crops | None = None
    embeddings: str | None = None
    enable_training: bool | None = None
    training: Training | None = None
    normalize_embeddings: bool | None = None
    num_processes: CountOrAll | None = None
    num_threads: CountOrAll | None = None
    output_image_format: str | None = None
    pretagging: bool | None = None
    pretagging_upload: bool | None = None
    relevant_filenames_file: str | None = None
    selected_sequence_length: Count | None = None
    upload_report: bool | None = None
    use_datapool: bool | None = None
    shutdown_when_job_finished: bool | None = None
    cache_size: CountOrAll | None = None


class CheckpointCallback(Message):
    save_last: bool | None = None


class Loader(Message):
    batch_size: Count | None = None
    shuffle: bool | None = None
    num_workers: CountOrAll | None = None
    drop_last: bool | None = None


class Model(Message):
    name: Literal["resnet-18", "resnet-34", "resnet-50", "resnet-101", "resnet-152"] | None = None
    out_dim: Count | None = None
    num_ftrs: Count | None = None
    width: Count | None = None


class Trainer(Message):
    """How long and how precisely it is trained."""

    gpus: Annotated[int, Field(ge=0)] | None = None
    max_epochs: Annotated[int, Field(ge=0)] | None = None
    precision: Literal[16, 32] | None = None


class Criterion(Message):
    temperature: Above | None = None


class Optimizer(Message):
    lr: Amount | None = None
    weight_decay: Part | None = None


class Collate(Message):
    NULLABLE = frozenset({"rr_degrees"})

    input_size: Count | None = None
    cj_prob: Part | None = None
    cj_bright: Part | None = None
    cj_contrast: Part | None = None
    cj_sat: Part | None = None
    cj_hue: Part | None = None
    min_scale: Part | None = None
    random_gray_scale: Part | None = None
    gaussian_blur: Part | None = None
    kernel_size: Amount | None = None
    sigmas: tuple[Above, Above] | None = None
    vf_prob: Part | None = None
    hf_prob: Part | None = None
    rr_prob: Part | None = None
    rr_degrees: tuple[float, float] | None = None


class Training3(Message):
    """`DockerWorkerConfigV3Lightly`: what is trained, and how (version 4 uses version 3's)."""

    seed: int | None = None
    checkpoint_callback: CheckpointCallback | None = None
    loader: Loader | None = None
    model: Model | None = None
    trainer: Trainer | None = None
    criterion: Criterion | None = None
    optimizer: Optimizer | None = None
    collate: Collate | None = None


class SelectionInput(Message):
    """What a selection strategy looks at."""

    type: Literal["EMBEDDINGS", "SCORES", "METADATA", "PREDICTIONS", "RANDOM"]
    task: TaskName | None = None
    score: Annotated[TaskName, Field(min_length=1)] | None = None
    key: Filled | None = None
    name: Literal["CLASS_DISTRIBUTION", "CATEGORY_COUNT"] | None = None
    dataset_id: ObjectId | None = None
    tag_name: TagName | None = None
    random_seed: int | None = None
    categories: Annotated[tuple[Filled, ...], Field(min_length=1)] | None = None

    @field_validator("categories")
    @classmethod
    def _unique(cls, categories: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if categories and len(set(categories)) < len(categories):
            raise ValueError("the categories must be unique")
        return categories


class TargetRange(Message):
    """Between which sums a strategy stays."""

    min_sum: Amount | None = None
    max_sum: Amount | None = None


class SelectionStrategy(Message):
    type: Literal["DIVERSITY", "WEIGHTS", "THRESHOLD", "BALANCE", "SIMILARITY", "TYPICALITY"]
    stopping_condition_minimum_distance: float | None = Field(None, alias="stopping_condition_minimum_distance")
    threshold: float | None = None
    operation: Literal["SMALLER", "SMALLER_EQUAL", "BIGGER", "BIGGER_EQUAL"] | None = None
    target: dict[str, Any] | None = None
    num_nearest_neighbors: Annotated[int, Field(ge=2)] | None = None
    stopping_condition_minimum_typicality: Above | None = None
    strength: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    stopping_condition_max_sum: Amount | None = None
    target_range: TargetRange | None = None
    distribution: Literal["TARGET", "UNIFORM", "INPUT"] | None = None


class SelectionEntry(Message):
    input: SelectionInput
    strategy: SelectionStrategy


class TilingTask(Message):
    """Predictions made by cutting each image into tiles."""

    type: Literal["TILING"]
    name: TaskName
    num_rows: Count
    num_cols: Count
    overlap: Amount | None = None


class CropTask(Message):
    """Predictions made by cutting the same boxes out of each image."""

    type: Literal["CROP"]
    name: TaskName
    bboxs: Annotated[tuple[tuple[Part, Part, Part, Part], ...], Field(min_length=1)]


class Selection(Message):
    n_samples: CountOrAll | None = None
    proportion_samples: Part | None = None
    strategies: Annotated[tuple[SelectionEntry, ...], Field(min_length=1)]
    lightly_path_regex: Filled | None = None
    auto_tasks: tuple[Annotated[TilingTask | CropTask, Field(discriminator="type")], ...] | None = None


class WorkerConfig(Message):
    """`DockerWorkerConfigV4`."""

    worker_type: Literal["FULL"]
    docker: Docker | None = None
    lightly: Training3 | None = None
    selection: Selection | None = None


class WorkerConfigCreate(Message):
    """`DockerWorkerConfigOmniV4CreateRequest`."""

    version: Literal["V4"]
    creator: Creator | None = None
    config: WorkerConfig


WORKER_CONFIG = TypeAdapter(WorkerConfigCreate)
