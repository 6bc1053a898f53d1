"""The register of forces."""
