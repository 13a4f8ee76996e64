"""`lightly-access schema`: the manifest's JSON Schema."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write it here instead of printing it.")
    ] = None,
) -> None:
    """Print the JSON Schema of the manifest, for completion and descriptions in editors.

    It is checked in as stacks/schema.json. Editors with yaml-language-server use it in files that have the comment

    \b
      # yaml-language-server: $schema=schema.json

    It fits stack files and the files of a manifest folder. `lightly-access check` tells more than a schema can.

    \b
    Examples:
      lightly-access schema                          print it
      lightly-access schema --out stacks/schema.json write it

    Exit codes: 0 done, 2 wrong usage.
    """
    from lightly_access.manifest.schema import schema_text

    from lightly_cli.output import write

    if out is None:
        typer.echo(schema_text(), nl=False)
    else:
        write("--out", out, schema_text())
