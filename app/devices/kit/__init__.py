"""The minimum kit (最低配备): what each station must own, and what of it works tonight."""
