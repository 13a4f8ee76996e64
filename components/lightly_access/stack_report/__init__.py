"""The report of a deployed stack: lights, causes and fixes, credentials, what Lightly may do, guardrails.

`guarded` asks the guardrails, `report` gathers all that is known, `view` puts it into words once, and `terminal`,
`markdown` and `html` show those words; `document` is its JSON. Nothing in here asks a cloud or Lightly anything.
"""
