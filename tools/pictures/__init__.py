"""The pictures in docs/pictures: `python -m tools.pictures` draws, `python -m tools.pictures.terminal` records."""
