"""Documents (文书, domain/rules B8): one register of kinds, one template mechanism, one archive."""
