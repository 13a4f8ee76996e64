"""What Lightly can do with each datasource, from the manifest alone: decided offline, before anything is deployed.

`case` is what every kind of store answers, one request at a time; `datasource` puts the answers of one datasource into
a table; `s3`, `obs`, `local` and their like render and evaluate what a manifest asks for; `survey` goes through a whole
manifest. `document`, `terminal` and `markdown` show it. Neither Pulumi nor a cloud SDK is imported.
"""
