"""The `lightly` provider: Lightly's datasets, datasources and their verification as Pulumi resources."""
