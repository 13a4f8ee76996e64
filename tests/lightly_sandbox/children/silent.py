"""A child that ends before it is ready."""

raise SystemExit(7)
