"""What is deployed, as an exported state has it: one reading for `status`, `verify`, `report` and `check --against`."""
