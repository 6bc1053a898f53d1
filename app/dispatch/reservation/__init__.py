"""Reserved assignments (预派): a team promised to an incident from a later instant on."""
