"""Guardrails: rules on what may be deployed, as pure functions over views of resources and stacks.

They check any stack, with our components or without. `registry.RULES` lists them, `runner.py` asks them, `server.py`
speaks Pulumi's analyzer protocol for them; only `server.py` knows that there is an engine.
"""
