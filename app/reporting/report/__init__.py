"""Written reports (书面信息报告): 初报, 续报, 终报 of an incident, one text for all. docs/reports.md."""
