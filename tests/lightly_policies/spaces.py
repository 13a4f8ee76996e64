"""The values that documents are rendered for, as hypothesis strategies."""

from typing import Any

from hypothesis import strategies as st

REGIONS = st.sampled_from(["eu-central-1", "us-east-1", "ap-southeast-2"])
PURPOSES = st.sampled_from(["INPUT", "LIGHTLY"])
BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9.-]{1,30}[a-z0-9]", fullmatch=True)
_PART = st.text(
    alphabet=st.one_of(
        st.sampled_from("abz09-_ *?${}'\"\\<>&"), st.characters(min_codepoint=0x20, max_codepoint=0x2FF)
    ),
    min_size=1,
    max_size=12,
).filter(lambda part: part not in (".", "..") and "/" not in part and part.isprintable())
PATHS = st.lists(_PART, max_size=3).map(lambda parts: "".join(f"{part}/" for part in parts))
KEY_IDS = st.none() | st.uuids().map(str)


@st.composite
def grants(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of `aws_grant`, and of `prove_aws` but for the grant."""
    region, key_id, old_ids = draw(REGIONS), draw(KEY_IDS), draw(st.lists(st.uuids().map(str), max_size=2, unique=True))
    return {
        "purpose": draw(PURPOSES),
        "bucket": draw(BUCKETS),
        "path": draw(PATHS),
        "region": region,
        "kms_key_arn": f"arn:aws:kms:{region}:123456789012:key/{key_id}" if key_id else None,
        "old_kms_key_arns": [f"arn:aws:kms:{region}:123456789012:key/{old}" for old in old_ids],
        "list_prefix_condition": draw(st.booleans()),
        "partition": "aws",
    }
