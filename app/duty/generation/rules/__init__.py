"""The rules of a fair roster: the problem, the solver, the reasons, the score. Pure, on plain data.

Only `solve`, `model`, `conflict` and `explain` load OR-Tools; import them where a roster is generated, never
where the service starts.
"""
