"""The late-report sheet (迟报核查): what was due of an incident and made, with the proof of the journal."""
