"""The register of forces (力量): teams, what they keep and how ready it is, and experts."""
