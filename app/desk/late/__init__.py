"""What is entered after the fact (事后补录): one shape for reports, calls, figures, steps, head-counts."""
