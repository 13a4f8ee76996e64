"""Guardrails: rules on what may be deployed, as pure functions over views of resources and stacks.

They judge any stack, with our components or without. `catalogue.RULES` lists them, `bench.py` asks them, `server.py`
speaks Pulumi's analyzer protocol for them; only `server.py` knows that there is an engine.
"""
