"""The documentation site: Sphinx reads the pages where they stand. `make docs`."""
